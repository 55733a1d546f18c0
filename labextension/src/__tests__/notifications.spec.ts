import { CommandIDs } from '../ids';
import { JOB_SCHEMA } from '../event-schemas';
import type { EnvlinkModel } from '../model';
import { JobNotifications } from '../notifications';
import type { Envlink } from '../tokens';
import {
  environment,
  eventually,
  FakeServer,
  job,
  page,
  trans
} from './server';

import { Notification } from '@jupyterlab/apputils';

import { CommandRegistry } from '@lumino/commands';

let server: FakeServer;
let model: EnvlinkModel;
let executed: [string, object][];
let notifications: JobNotifications;

async function start(...kernels: string[]): Promise<void> {
  model = server.model();
  await model.ready;
  executed = [];
  const commands = new CommandRegistry();
  for (const id of Object.values(CommandIDs)) {
    commands.addCommand(id, {
      execute: args => {
        executed.push([id, args]);
      }
    });
  }
  const inPage = page(...kernels);
  notifications = new JobNotifications({
    commands,
    model,
    page: inPage,
    trans
  });
}

beforeEach(() => {
  server = new FakeServer();
  server.environments = [environment()];
  Notification.dismiss();
});

afterEach(() => {
  notifications.dispose();
  model.dispose();
  server.restore();
});

/** Let a job that this page has not seen end. */
function ended(parts: Partial<Envlink.IJob>): void {
  const done = job({ status: 'succeeded', ...parts });
  server.jobs = [done];
  const { environment_id, id, name, operation, status } = done;
  const rest = { phase: null, percent: 100 };
  server.emit(JOB_SCHEMA, {
    ...{ environment_id, id, name, operation, status },
    ...rest
  });
}

function last(): Notification.INotification {
  const found = Notification.manager.notifications[0];
  expect(found).toBeDefined();
  return found;
}

function labels(): string[] {
  return last().options.actions?.map(each => each.label) ?? [];
}

function result(undo_until: string | null) {
  const { environment_id, name, prefix } = job();
  return { environment_id, name, prefix, undo_until };
}

describe('JobNotifications', () => {
  it('offers to undo a removal', async () => {
    await start();
    const until = new Date(Date.now() + 60_000).toISOString();
    ended({ operation: 'remove', result: result(until) });
    await eventually(() => expect(last().message).toBe('finance was removed.'));
    expect(labels()).toEqual(['Undo']);
    last().options.actions![0].callback(new MouseEvent('click'));
    expect(executed).toEqual([[CommandIDs.restore, { job: job().id }]]);
  });

  it('offers no undo when its time is over', async () => {
    await start();
    const until = new Date(Date.now() + 300).toISOString();
    ended({ operation: 'remove', result: result(until) });
    await eventually(() => expect(labels()).toEqual(['Undo']));
    await eventually(() => expect(Notification.manager.count).toBe(0));
  });

  it('offers none where nothing is kept', async () => {
    await start();
    ended({ operation: 'remove', result: result(null) });
    await eventually(() => expect(last().type).toBe('success'));
    expect(labels()).toEqual([]);
  });

  it.each(['update', 'roll-back', 'rename'] as const)(
    'after %s offers to restart the kernels of this page that ran in it, and restarts none itself',
    async operation => {
      const running = ['k1', 'k2', 'k3'].map(id => ({
        ...{ id, name: 'finance', path: 'a.ipynb' }
      }));
      server.environments = [environment({ running })];
      await start('k1', 'k3', 'other');
      ended({ operation });
      await eventually(() =>
        expect(labels()).toEqual(['Restart its 2 kernels'])
      );
      expect(executed).toEqual([]);
      last().options.actions![0].callback(new MouseEvent('click'));
      expect(executed).toEqual([
        [CommandIDs.restartKernels, { id: 'aaaaaaaaaaaa' }]
      ]);
    }
  );

  it('after an update that has changed nothing offers no restart', async () => {
    const running = [{ id: 'k1', name: 'finance', path: null }];
    server.environments = [environment({ running })];
    await start('k1');
    ended({ operation: 'update', result: { ...result(null), changed: false } });
    await eventually(() =>
      expect(last().message).toBe('finance has what the file asks for already.')
    );
    expect(labels()).toEqual(['Open notebook']);
  });

  it('offers a notebook where no kernel of this page ran in it', async () => {
    await start('other');
    ended({ operation: 'update' });
    await eventually(() => expect(last().message).toBe('finance was updated.'));
    expect(labels()).toEqual(['Open notebook']);
  });

  it('shows the log and cancels while it runs, and comes back for its end only', async () => {
    await start();
    server.jobs = [job()];
    const event = { ...job(), phase: 'solving', percent: 5 };
    server.emit(JOB_SCHEMA, event);
    await eventually(() => expect(labels()).toEqual(['Show log', 'Cancel']));
    const click = new MouseEvent('click', { cancelable: true });
    last().options.actions![1].callback(click);
    expect(click.defaultPrevented).toBe(true);
    expect(executed).toEqual([[CommandIDs.cancelJob, { id: job().id }]]);
    Notification.dismiss(last().id);
    server.emit(JOB_SCHEMA, { ...event, phase: 'downloading', percent: 50 });
    await eventually(() => expect(model.jobs[0].percent).toBe(50));
    expect(Notification.manager.count).toBe(0);
    ended({});
    await eventually(() => expect(last().type).toBe('success'));
  });

  it('lets an error stay until somebody has seen it, and offers to try again', async () => {
    await start();
    const error = { code: 'x', message: 'It broke.', remedy: '', details: {} };
    ended({ status: 'failed', error });
    await eventually(() => expect(last().type).toBe('error'));
    expect(last().options.autoClose).toBe(false);
    expect(labels()).toEqual(['Show log', 'Retry']);
  });
});
