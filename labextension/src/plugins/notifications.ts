import { JobNotifications } from '../notifications';
import { pageOf } from '../page';
import { IEnvlinkModel } from '../tokens';

import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

/** One notification per job. */
export const notificationsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter_envlink:notifications',
  description: 'Tells how jobs go, and what can be done once they have ended.',
  autoStart: true,
  requires: [IEnvlinkModel],
  optional: [ITranslator, IDocumentManager],
  activate: (
    app: JupyterFrontEnd,
    model: IEnvlinkModel,
    translator: ITranslator | null,
    documents: IDocumentManager | null
  ) => {
    const trans = (translator ?? nullTranslator).load('jupyter_envlink');
    const page = pageOf(app, documents);
    new JobNotifications({ commands: app.commands, model, page, trans });
  }
};
