import {
  NOTIFICATIONS_PLUGIN,
  NotificationSettings
} from '../notification-settings';
import { JobNotifications } from '../notifications';
import { pageOf } from '../page';
import { IEnvlinkModel } from '../tokens';
import { bundleOf } from '../translation';

import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator } from '@jupyterlab/translation';

/** One notification per job. */
export const notificationsPlugin: JupyterFrontEndPlugin<void> = {
  id: NOTIFICATIONS_PLUGIN,
  description: 'Tells how jobs go, and what can be done once they have ended.',
  autoStart: true,
  requires: [IEnvlinkModel],
  optional: [ITranslator, IDocumentManager, ISettingRegistry],
  activate: (
    app: JupyterFrontEnd,
    model: IEnvlinkModel,
    translator: ITranslator | null,
    documents: IDocumentManager | null,
    registry: ISettingRegistry | null
  ) => {
    const trans = bundleOf(translator);
    const page = pageOf(app, documents);
    const settings = new NotificationSettings(registry);
    const { commands } = app;
    new JobNotifications({ commands, model, page, settings, trans });
  }
};
