import { addCommands } from '../commands';
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
import { ITranslator } from '@jupyterlab/translation';

/** Everything that a person can do, by its command. */
export const commandsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter_envlink:commands',
  description: 'Creates, changes and removes environments, by commands.',
  autoStart: true,
  requires: [IEnvlinkModel],
  // JupyterLab has them all, Notebook 7 some on each of its pages.
  optional: [
    ITranslator,
    ICommandPalette,
    IDocumentManager,
    IFileBrowserFactory
  ],
  activate: (
    app: JupyterFrontEnd,
    model: IEnvlinkModel,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    documents: IDocumentManager | null,
    browsers: IFileBrowserFactory | null
  ) => {
    const trans = bundleOf(translator);
    const { commands } = app;
    addCommands({
      browsers,
      commands,
      documents,
      model,
      openPanel: jobs => {
        if (commands.hasCommand(CommandIDs.openPanel)) {
          void commands.execute(CommandIDs.openPanel, { jobs });
        }
      },
      page: pageOf(app, documents),
      trans
    });
    const category = trans.__('Environments');
    for (const command of [
      CommandIDs.refresh,
      CommandIDs.explain,
      CommandIDs.clone,
      CommandIDs.rename,
      CommandIDs.rollBack,
      CommandIDs.restore,
      CommandIDs.discard
    ]) {
      palette?.addItem({ command, category });
    }
  }
};
