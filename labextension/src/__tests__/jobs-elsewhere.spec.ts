import { CommandIDs } from '../ids';
import { RunningJobs } from '../jobs-running';
import { JobsStatus } from '../jobs-status';
import type { EnvlinkModel } from '../model';
import { eventually, FakeServer, job, trans } from './server';

import { CommandRegistry } from '@lumino/commands';
import { Widget } from '@lumino/widgets';

let server: FakeServer;
let model: EnvlinkModel;
let commands: CommandRegistry;
let executed: [string, object][];

beforeEach(async () => {
  server = new FakeServer();
  server.jobs = [
    job({ id: 'one', percent: 10 }),
    job({ id: 'two', name: 'books', phase: null, percent: null }),
    job({ id: 'old', status: 'failed' })
  ];
  model = server.model();
  await model.ready;
  executed = [];
  commands = new CommandRegistry();
  commands.addCommand(CommandIDs.openPanel, {
    execute: args => void executed.push([CommandIDs.openPanel, args])
  });
});

afterEach(() => {
  model.dispose();
  server.restore();
});

describe('RunningJobs', () => {
  it('lists what is under way, with how far it is', () => {
    const running = new RunningJobs({ commands, model, trans });
    const items = running.running();
    expect(items.map(each => each.label())).toEqual([
      'Create finance',
      'Create books'
    ]);
    expect(items.map(each => each.detail?.())).toEqual([
      'Solving, 10 %',
      'Running'
    ]);
    items[0].open?.();
    expect(executed).toEqual([[CommandIDs.openPanel, { jobs: true }]]);
  });

  it('cancels one, or all, and tells that there are others', async () => {
    const running = new RunningJobs({ commands, model, trans });
    let told = 0;
    running.runningChanged.connect(() => {
      told += 1;
    });
    for (const id of ['one', 'two']) {
      server.routes[`DELETE envlink/api/jobs/${id}`] = () => {
        const ended = job({ id, status: 'cancelled' });
        server.jobs = server.jobs.map(each => (each.id === id ? ended : each));
        return { status: 202, body: ended };
      };
    }
    running.running()[0].shutdown?.();
    await eventually(() => expect(running.running()).toHaveLength(1));
    expect(told).toBeGreaterThan(0);
    running.shutdownAll();
    await eventually(() => expect(running.running()).toEqual([]));
    expect(server.asked('DELETE', /jobs/)).toHaveLength(2);
  });
});

describe('JobsStatus', () => {
  it('shows how many are under way, and how far all together are', async () => {
    const item = new JobsStatus({ commands, model, trans });
    Widget.attach(item, document.body);
    const button = await eventually(() => {
      const found = item.node.querySelector('button');
      expect(found?.textContent).toBe('2 · 5 %');
      return found;
    });
    expect(button?.getAttribute('aria-label')).toContain('5 percent');
    expect(item.node.querySelector('[role=status]')?.textContent).toBe(
      '2 environments are being worked on'
    );
    button?.click();
    expect(executed).toEqual([[CommandIDs.openPanel, { jobs: true }]]);
    item.dispose();
    expect(model.isDisposed).toBe(false);
  });
});
