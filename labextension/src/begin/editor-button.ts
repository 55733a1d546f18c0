import { isEnvironmentFile } from '../files';
import { environmentIcon } from '../icons';
import { CommandIDs } from '../ids';
import type { IEnvlinkModel } from '../tokens';

import type { IDocumentWidget } from '@jupyterlab/docregistry';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ToolbarButton } from '@jupyterlab/ui-components';

import type { CommandRegistry } from '@lumino/commands';

/** What an error is called by which the server says that a file is of another kind. */
const OTHERS = [
  'dependencies-missing',
  'not-a-mapping',
  'other-format',
  'unknown-format'
];

/** Names that only environment files bear; of other YAML the server is asked. */
const CERTAIN = /environment[^/]*\.ya?ml$|\.(txt|in|lock|toml)$/i;

interface IButtonOptions {
  commands: CommandRegistry;
  model: IEnvlinkModel;
  trans: TranslationBundle;
}

/** A button in the toolbar of an editor: it is there while the file may be one that an environment is made of. */
export function editorButton(
  document: IDocumentWidget,
  options: IButtonOptions
): ToolbarButton {
  const { commands, trans } = options;
  const { context } = document;
  const button = new ToolbarButton({
    icon: environmentIcon,
    label: trans.__('Create environment'),
    tooltip: trans.__('Show what environment this text would give'),
    onClick: () =>
      void commands.execute(CommandIDs.createEnvironment, {
        path: context.localPath,
        // What is not saved yet counts, too.
        ...(context.model.dirty ? { text: context.model.toString() } : {})
      })
  });
  const look = () => {
    void isOne(document, options).then(isShown => {
      if (!button.isDisposed) {
        button.setHidden(!isShown);
      }
    });
  };
  button.hide();
  void context.ready.then(look);
  context.pathChanged.connect(look);
  // A file becomes one by what is written into it.
  context.saveState.connect((_, state) => state === 'completed' && look());
  return button;
}

/** The server is asked about YAML only that may be anything. */
async function isOne(
  { context }: IDocumentWidget,
  { model }: IButtonOptions
): Promise<boolean> {
  const path = context.localPath;
  if (!isEnvironmentFile(path) || CERTAIN.test(path)) {
    return isEnvironmentFile(path);
  }
  const text = context.model.toString();
  try {
    const found = await model.check({ path, text });
    return !found.some(each => OTHERS.includes(each.code));
  } catch {
    return true; // what is wrong is told once somebody presses it
  }
}
