import { NotificationSettings } from '../notification-settings';
import { JobNotifications } from '../notifications';
import { FakeServer, job, page, settle, trans } from './server';

import { Notification } from '@jupyterlab/apputils';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';

import { CommandRegistry } from '@lumino/commands';

function registry(notify: string): ISettingRegistry {
  const load = () => Promise.resolve({ composite: { notify } });
  return { load } as unknown as ISettingRegistry;
}

describe('NotificationSettings', () => {
  it.each([
    [null, 'running', true],
    ['all', 'running', true],
    ['all', 'failed', true],
    ['problems', 'running', false],
    ['problems', 'succeeded', false],
    ['problems', 'failed', true],
    ['problems', 'interrupted', true],
    ['none', 'failed', false]
  ] as const)('%s: %s is told: %s', async (notify, status, isTold) => {
    const settings = new NotificationSettings(
      notify === null ? null : registry(notify)
    );
    await settle(0);
    expect(settings.isWanted(status)).toBe(isTold);
  });

  it('keeps the notifications quiet until something has failed', async () => {
    const server = new FakeServer();
    server.jobs = [job({ status: 'running' })];
    const model = server.model();
    const settings = new NotificationSettings(registry('problems'));
    const commands = new CommandRegistry();
    const notifications = new JobNotifications({
      ...{ commands, model, page: page(), settings, trans }
    });
    await model.ready;
    const before = Notification.manager.count;
    server.jobs = [job({ status: 'failed' })];
    await model.refresh();
    expect(Notification.manager.count).toBe(before + 1);
    expect(Notification.manager.notifications[0].type).toBe('error');
    notifications.dispose();
    model.dispose();
    server.restore();
  });
});
