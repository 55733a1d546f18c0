import type { Envlink } from './tokens';

import type { ISettingRegistry } from '@jupyterlab/settingregistry';

/** The plugin whose settings these are. */
export const NOTIFICATIONS_PLUGIN = 'jupyter_envlink:notifications';

/** How much is to be told; see the schema. */
type Notify = 'all' | 'problems' | 'none';

const PROBLEMS: readonly Envlink.Status[] = ['failed', 'interrupted'];

/** Whether a person wants to be told how a job is; without settings everything is told. */
export class NotificationSettings {
  constructor(registry: ISettingRegistry | null) {
    registry?.load(NOTIFICATIONS_PLUGIN).then(
      settings => {
        this._settings = settings;
      },
      reason => console.warn(`No settings of ${NOTIFICATIONS_PLUGIN}.`, reason)
    );
  }

  isWanted(status: Envlink.Status): boolean {
    switch (this._notify) {
      case 'none':
        return false;
      case 'problems':
        return PROBLEMS.includes(status);
      default:
        return true;
    }
  }

  private get _notify(): Notify {
    return (this._settings?.composite['notify'] as Notify) ?? 'all';
  }

  private _settings: ISettingRegistry.ISettings | null = null;
}
