import { addCommands } from '../commands';
import { isEnvironmentFile } from '../files';
import { CommandIDs } from '../ids';
import type { EnvlinkModel } from '../model';
import { JobNotifications } from '../notifications';
import { environment, FakeServer, job, page, settle, trans } from './server';

import { Dialog, Notification } from '@jupyterlab/apputils';

import { CommandRegistry } from '@lumino/commands';

const REMOVE = 'envlink/api/environments/aaaaaaaaaaaa';
const RUNNING = { id: 'k1', name: 'finance', path: 'work/a.ipynb' };

let server: FakeServer;
let model: EnvlinkModel;
let commands: CommandRegistry;
let opened: boolean[];

async function start(): Promise<void> {
  model = server.model();
  await model.ready;
  commands = new CommandRegistry();
  opened = [];
  addCommands({
    browsers: null,
    commands,
    documents: null,
    model,
    openPanel: jobs => opened.push(jobs),
    page: page(),
    trans
  });
}

beforeEach(() => {
  server = new FakeServer();
  server.environments = [environment()];
});

afterEach(() => {
  Dialog.flush();
  model.dispose();
  server.restore();
});

/** The dialog that is shown, once it is. */
async function dialog(): Promise<HTMLElement> {
  for (let tries = 0; tries < 100; tries++) {
    const node = document.querySelector<HTMLElement>('.jp-Dialog');
    if (node?.contains(document.activeElement)) {
      await settle(20);
      return node;
    }
    await settle(10);
  }
  throw new Error('No dialog came.');
}

function press(node: HTMLElement, label: string): void {
  const found = [...node.querySelectorAll('button')].find(
    each => each.textContent === label && !each.disabled
  );
  if (!found) {
    throw new Error(`There is no button "${label}" in "${node.textContent}".`);
  }
  found.click();
}

function accepted(changes: object = {}) {
  return () => ({
    status: 202,
    body: job({ operation: 'remove', ...changes })
  });
}

describe('remove', () => {
  it('asks with the path, and Enter cancels', async () => {
    await start();
    const done = commands.execute(CommandIDs.remove, { id: 'aaaaaaaaaaaa' });
    const node = await dialog();
    expect(node.textContent).toContain('/home/me/envs/finance');
    expect(document.activeElement?.textContent).toBe('Cancel');
    press(node, 'Cancel');
    await done;
    expect(server.asked('DELETE', /./)).toEqual([]);
  });

  it('names the notebooks that have used it lately, but for those that do so now', async () => {
    const used = '2026-11-20T12:00:00Z';
    server.environments = [environment({ running: [RUNNING] })];
    server.uses = {
      notebooks: [
        { file: '/srv/work/a.ipynb', path: 'work/a.ipynb', used },
        { file: '/srv/work/b.ipynb', path: 'work/b.ipynb', used },
        { file: '/elsewhere/<b>c</b>.ipynb', path: null, used }
      ]
    };
    await start();
    const done = commands.execute(CommandIDs.remove, { id: 'aaaaaaaaaaaa' });
    const node = await dialog();
    expect(node.textContent).toContain('2 notebooks have used it lately:');
    const lines = [...node.querySelectorAll('li')].map(
      each => (each.querySelector('bdi') ?? each).textContent
    );
    expect(lines).toEqual([
      'work/a.ipynb',
      'work/b.ipynb',
      '/elsewhere/<b>c</b>.ipynb'
    ]);
    press(node, 'Cancel');
    await done;
  });

  it('asks all the same where the server does not say who uses it', async () => {
    server.routes[`GET ${REMOVE}/uses`] = () => ({
      status: 500,
      body: { message: 'no' }
    });
    await start();
    const done = commands.execute(CommandIDs.remove, { id: 'aaaaaaaaaaaa' });
    press(await dialog(), 'Cancel');
    await done;
  });

  it('that is done at once needs no job to look at', async () => {
    server.routes[`DELETE ${REMOVE}`] = accepted({ status: 'succeeded' });
    await start();
    const done = commands.execute(CommandIDs.remove, { id: 'aaaaaaaaaaaa' });
    press(await dialog(), 'Remove');
    await done;
    expect(model.jobs[0].status).toBe('succeeded');
    expect(opened).toEqual([]);
    expect(model.isFollowed(job().id)).toBe(false);
  });

  it('removes, and shows the job', async () => {
    server.routes[`DELETE ${REMOVE}`] = accepted();
    await start();
    const done = commands.execute(CommandIDs.remove, { id: 'aaaaaaaaaaaa' });
    press(await dialog(), 'Remove');
    await done;
    expect(model.jobs[0].operation).toBe('remove');
    expect(opened).toEqual([true]);
  });

  it('names the notebooks whose kernels run in it, and needs a stronger word', async () => {
    server.environments = [environment({ running: [RUNNING] })];
    server.routes[`DELETE ${REMOVE}?force=1`] = accepted();
    await start();
    const done = commands.execute(CommandIDs.remove, { id: 'aaaaaaaaaaaa' });
    const node = await dialog();
    expect(node.textContent).toContain('work/a.ipynb');
    press(node, 'Remove anyway');
    await done;
    expect(model.jobs).toHaveLength(1);
  });

  it('asks once more for kernels that were started meanwhile', async () => {
    server.routes[`DELETE ${REMOVE}`] = () => ({
      status: 409,
      body: {
        code: 'conflict',
        message: 'In use.',
        remedy: '',
        details: { kernels: [RUNNING] }
      }
    });
    server.routes[`DELETE ${REMOVE}?force=1`] = accepted();
    await start();
    const done = commands.execute(CommandIDs.remove, { id: 'aaaaaaaaaaaa' });
    const first = await dialog();
    press(first, 'Remove');
    while (first.isConnected) {
      await settle(10);
    }
    press(await dialog(), 'Remove anyway');
    await done;
    expect(model.jobs).toHaveLength(1);
  });

  it('offers no force for another conflict', async () => {
    server.routes[`DELETE ${REMOVE}`] = () => ({
      status: 409,
      body: {
        code: 'conflict',
        message: 'Somebody else is changing it.',
        remedy: 'Wait.',
        details: {}
      }
    });
    await start();
    const done = commands.execute(CommandIDs.remove, { id: 'aaaaaaaaaaaa' });
    const first = await dialog();
    press(first, 'Remove');
    while (first.isConnected) {
      await settle(10);
    }
    const second = await dialog();
    expect(second.textContent).toContain('Somebody else is changing it.');
    press(second, 'Close');
    await done;
    expect(model.jobs).toEqual([]);
  });
});

describe('the commands that give a kernel', () => {
  const KERNEL = `${REMOVE}/kernel`;

  it.each([
    [CommandIDs.installKernel, 'install', 'install-kernel' as const],
    [CommandIDs.overlay, 'overlay', 'overlay' as const]
  ])('%s starts a job and shows it', async (command, how, operation) => {
    const bodies: unknown[] = [];
    server.routes[`POST ${KERNEL}`] = ({ body }) => {
      bodies.push(body);
      return { status: 202, body: job({ operation }) };
    };
    await start();
    await commands.execute(command, { id: 'aaaaaaaaaaaa' });
    expect(bodies).toEqual([{ how }]);
    expect(model.jobs[0].operation).toBe(operation);
    expect(opened).toEqual([true]);
  });

  it('keep the error beside the environment', async () => {
    server.routes[`POST ${KERNEL}`] = () => ({
      status: 403,
      body: { code: 'x', message: 'No.', remedy: '', details: {} }
    });
    await start();
    await commands.execute(CommandIDs.overlay, { id: 'aaaaaaaaaaaa' });
    expect(model.actionError('aaaaaaaaaaaa')?.message).toBe('No.');
    expect(opened).toEqual([]);
  });
});

describe('hide', () => {
  it('takes it off the menu, or puts it back', async () => {
    const bodies: unknown[] = [];
    server.routes[`PATCH ${REMOVE}/kernel`] = ({ body }) => {
      bodies.push(body);
      return environment();
    };
    await start();
    const id = 'aaaaaaaaaaaa';
    await commands.execute(CommandIDs.hide, { id });
    await commands.execute(CommandIDs.hide, { id, hidden: false });
    expect(bodies).toEqual([{ hidden: true }, { hidden: false }]);
  });
});

describe('explain', () => {
  it.each([
    [{ id: 'aaaaaaaaaaaa' }, '?environment=aaaaaaaaaaaa', 'finance'],
    [{}, '', 'one by one']
  ])('%j', async (args, query, title) => {
    server.routes[`GET envlink/api/doctor${query}`] = () => ({
      environments: [],
      places: [],
      checks: [],
      ok: true
    });
    await start();
    const done = commands.execute(CommandIDs.explain, args);
    const node = await dialog();
    expect(node.textContent).toContain(title);
    press(node, 'Close');
    await done;
    expect(server.asked('GET', `envlink/api/doctor${query}`)).toHaveLength(1);
  });
});

describe('kernel-settings', () => {
  it('shows those of the environment', async () => {
    await start();
    const done = commands.execute(CommandIDs.kernelSettings, {
      id: 'aaaaaaaaaaaa'
    });
    const node = await dialog();
    expect(node.textContent).toContain('Kernel of finance');
    press(node, 'Cancel');
    await done;
  });
});

describe('an environment file', () => {
  it('is known by its name, as files that an environment can be made from', () => {
    const names = {
      'environment.yml': true,
      'conda-lock.yml': true,
      'pixi.lock': true,
      'pylock.dev.toml': true,
      'pyproject.toml': true,
      'requirements-dev.txt': true,
      'explicit.txt': true,
      'finance-linux-64.tar.gz': true,
      'finance.tar.zst': true,
      'finance.zip': true,
      'notes.txt': false,
      'poetry.lock': false,
      'analysis.ipynb': false
    };
    for (const [name, offered] of Object.entries(names)) {
      expect([name, isEnvironmentFile(name)]).toEqual([name, offered]);
    }
  });
});

describe('open-notebook', () => {
  it('opens one in the folder of the file, on the new kernel', async () => {
    server.kernels = ['finance'];
    await start();
    const calls: object[] = [];
    commands.addCommand('notebook:create-new', {
      execute: args => {
        calls.push(args);
      }
    });
    await commands.execute(CommandIDs.openNotebook, {
      id: 'aaaaaaaaaaaa',
      cwd: 'finance'
    });
    expect(calls).toEqual([{ cwd: 'finance', kernelName: 'finance' }]);
  });
});

describe('every command', () => {
  it('describes its arguments', async () => {
    await start();
    for (const id of commands.listCommands()) {
      const { args } = await commands.describedBy(id);
      expect(args).toMatchObject({ type: 'object' });
    }
    expect(Object.values(CommandIDs)).toEqual(
      expect.arrayContaining(commands.listCommands())
    );
  });
});

describe('JobNotifications', () => {
  it('has one notification per job, updated in place', async () => {
    server.routes['POST envlink/api/environments'] = () => ({
      status: 202,
      body: job()
    });
    server.jobs = [job({ id: 'long-ago-1', status: 'failed' })];
    await start();
    const notifications = new JobNotifications({
      commands,
      model,
      page: page(),
      trans
    });
    const before = Notification.manager.count;
    await model.create({ path: 'environment.yml' });
    expect(Notification.manager.count).toBe(before + 1);
    const running = Notification.manager.notifications[0];
    expect(running.message).toBe('Create finance: Solving');
    expect(running.type).toBe('in-progress');

    server.jobs = [job({ status: 'succeeded', percent: 100 })];
    await model.refresh();
    expect(Notification.manager.count).toBe(before + 1);
    const ended = Notification.manager.notifications[0];
    expect(ended.id).toBe(running.id);
    expect(ended.type).toBe('success');
    expect(ended.options.actions?.map(each => each.label)).toEqual([
      'Open notebook'
    ]);
    notifications.dispose();
  });
});
