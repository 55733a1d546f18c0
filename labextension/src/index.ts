import { EnvlinkApi } from './api';
import { addCommands } from './commands';
import { CommandIDs } from './ids';
import { EnvlinkModel } from './model';
import { JobNotifications } from './notifications';
import { pageOf } from './page';
import { EnvlinkPanel } from './panel';
import { IEnvlinkModel } from './tokens';

import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ILayoutRestorer } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { IFileBrowserFactory } from '@jupyterlab/filebrowser';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

export { IEnvlinkModel } from './tokens';
export type { Envlink } from './tokens';

/** After the panels of JupyterLab itself, before those with no rank. */
const RANK = 600;

/** The environments and jobs of the server, for this extension and for others. */
const model: JupyterFrontEndPlugin<IEnvlinkModel> = {
  id: 'jupyter_envlink:model',
  description: 'Keeps the list of environments and jobs up to date.',
  autoStart: true,
  optional: [ITranslator],
  provides: IEnvlinkModel,
  activate: (app: JupyterFrontEnd, translator: ITranslator | null) => {
    const trans = (translator ?? nullTranslator).load('jupyter_envlink');
    const { events, kernelspecs, serverSettings } = app.serviceManager;
    const api = new EnvlinkApi(serverSettings, trans);
    return new EnvlinkModel({ api, events: events.stream, kernelspecs });
  }
};

/** The panel, the commands and the notifications. */
const plugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter_envlink:plugin',
  description:
    'Shows environments as kernels, and creates them from environment files.',
  autoStart: true,
  requires: [IEnvlinkModel],
  // JupyterLab has them all, Notebook 7 some on each of its pages.
  optional: [
    ITranslator,
    ICommandPalette,
    IDocumentManager,
    IFileBrowserFactory,
    ILayoutRestorer
  ],
  activate: (
    app: JupyterFrontEnd,
    model: IEnvlinkModel,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    documents: IDocumentManager | null,
    browsers: IFileBrowserFactory | null,
    restorer: ILayoutRestorer | null
  ) => {
    const language = translator ?? nullTranslator;
    const trans = language.load('jupyter_envlink');
    const { commands, shell } = app;
    const openPanel = (jobs: boolean) => {
      shell.activateById(panel.id);
      if (jobs) {
        panel.showJobs();
      }
    };
    const page = pageOf(app, documents);
    addCommands({
      browsers,
      commands,
      documents,
      model,
      openPanel,
      page,
      trans
    });
    const panel = new EnvlinkPanel({
      commands,
      model,
      trans,
      translator: language
    });
    shell.add(panel, 'left', { rank: RANK, type: 'Environments' });
    restorer?.add(panel, 'jupyter_envlink');
    new JobNotifications({ commands, model, page, trans });

    const category = trans.__('Environments');
    for (const command of [
      CommandIDs.openPanel,
      CommandIDs.refresh,
      CommandIDs.explain,
      CommandIDs.update,
      CommandIDs.clone,
      CommandIDs.rename
    ]) {
      palette?.addItem({ command, category });
    }
    palette?.addItem({
      command: CommandIDs.createEnvironment,
      category,
      args: { choose: true }
    });
  }
};

export default [model, plugin];
