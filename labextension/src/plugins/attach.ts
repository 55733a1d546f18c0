import { text } from '../args';
import { Attacher, showUseError } from '../attach';
import { chooseFile } from '../files';
import { environmentIcon } from '../icons';
import { CommandIDs } from '../ids';
import { pageOf } from '../page';
import { IEnvlinkModel } from '../tokens';
import { bundleOf } from '../translation';

import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { IFileBrowserFactory } from '@jupyterlab/filebrowser';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator } from '@jupyterlab/translation';

/** A new environment and the notebook that wanted it. */
export const attachPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter_envlink:attach',
  description: 'Brings notebooks to the environments that are made for them.',
  autoStart: true,
  requires: [IEnvlinkModel],
  optional: [
    ITranslator,
    ICommandPalette,
    IDocumentManager,
    IFileBrowserFactory,
    INotebookTracker
  ],
  activate: (
    app: JupyterFrontEnd,
    model: IEnvlinkModel,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    documents: IDocumentManager | null,
    browsers: IFileBrowserFactory | null,
    notebooks: INotebookTracker | null
  ) => {
    const { commands } = app;
    const { kernelspecs } = app.serviceManager;
    const trans = bundleOf(translator);
    const page = pageOf(app, documents);
    const attacher = new Attacher({
      commands,
      kernelspecs,
      model,
      page,
      trans
    });
    const front = () => notebooks?.currentWidget?.context.path ?? '';

    commands.addCommand(CommandIDs.createForNotebook, {
      label: trans.__('Create Environment for Notebook…'),
      caption: trans.__(
        'Create an environment from a file; the notebook gets its kernel'
      ),
      icon: args => (args['toolbar'] ? environmentIcon : undefined),
      describedBy: {
        args: {
          type: 'object',
          properties: {
            notebook: {
              type: 'string',
              description: trans.__('The notebook; the one in front without it')
            },
            path: {
              type: 'string',
              description: trans.__('The file; asked for without it')
            }
          }
        }
      },
      isEnabled: args =>
        !model.info?.read_only && (text(args, 'notebook') || front()) !== '',
      execute: async args => {
        const notebook = text(args, 'notebook') || front();
        const path =
          text(args, 'path') ||
          (await chooseFile({ browsers, documents, trans }));
        if (notebook && path) {
          attacher.want(notebook, path);
          await commands.execute(CommandIDs.createEnvironment, { path });
        }
      }
    });
    commands.addCommand(CommandIDs.useIn, {
      label: trans.__('Use Environment in Notebooks'),
      describedBy: {
        args: {
          type: 'object',
          properties: {
            id: {
              type: 'string',
              description: trans.__('The id of the environment')
            },
            paths: {
              type: 'array',
              items: { type: 'string' },
              description: trans.__('The notebooks, which are open')
            }
          },
          required: ['id', 'paths']
        }
      },
      execute: async args => {
        const paths = args['paths'];
        try {
          await attacher.use(
            text(args, 'id'),
            Array.isArray(paths) ? paths.map(String) : []
          );
        } catch (reason) {
          await showUseError(reason, trans);
        }
      }
    });
    palette?.addItem({
      command: CommandIDs.createForNotebook,
      category: trans.__('Environments')
    });
    notebooks?.widgetAdded.connect(
      (sender, panel) => void offerFor(attacher, panel)
    );
  }
};

/** Once a notebook is read, it is known which kernel it asks for. */
async function offerFor(
  attacher: Attacher,
  { context }: NotebookPanel
): Promise<void> {
  await context.ready;
  const spec = context.model.getMetadata('kernelspec') as
    { name?: unknown } | undefined;
  const kernel = typeof spec?.name === 'string' ? spec.name : '';
  await attacher.offer(context.sessionContext, kernel);
}
