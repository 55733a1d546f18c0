import { Attacher } from '../attach';
import { notebooks, notebooksFor } from '../belonging';
import { CommandIDs } from '../ids';
import type { EnvlinkModel } from '../model';
import type { IPage } from '../page';
import type { Envlink } from '../tokens';
import {
  environment,
  eventually,
  FakeServer,
  job,
  settle,
  trans
} from './server';

import type { ISessionContext } from '@jupyterlab/apputils';
import { Notification } from '@jupyterlab/apputils';
import { KernelSpecManager } from '@jupyterlab/services';

import { CommandRegistry } from '@lumino/commands';

const FILE = 'work/environment.yml';

let server: FakeServer;
let model: EnvlinkModel;
let kernelspecs: KernelSpecManager;
let attacher: Attacher;
let executed: [string, object][];
let changed: [string, string][];
let open: ISessionContext[];

/** A notebook or console that is open, on a kernel of that name. */
function session(
  path: string,
  kernel: string | null,
  type = 'notebook'
): ISessionContext {
  return {
    path,
    type,
    session: kernel && { kernel: { name: kernel } },
    changeKernel: async ({ name }: { name: string }) => {
      changed.push([path, name]);
    }
  } as unknown as ISessionContext;
}

beforeEach(async () => {
  server = new FakeServer();
  server.environments = [environment()];
  server.kernels = ['finance'];
  model = server.model();
  kernelspecs = new KernelSpecManager({ serverSettings: server.settings });
  await Promise.all([model.ready, kernelspecs.ready]);
  executed = [];
  changed = [];
  open = [];
  const commands = new CommandRegistry();
  commands.addCommand(CommandIDs.createForNotebook, {
    execute: args => void executed.push([CommandIDs.createForNotebook, args])
  });
  attacher = new Attacher({
    commands,
    kernelspecs,
    model,
    page: page(),
    trans
  });
  Notification.dismiss();
});

afterEach(() => {
  attacher.dispose();
  kernelspecs.dispose();
  model.dispose();
  server.restore();
});

function page(): IPage {
  return { front: () => '', clicked: () => '', sessions: () => open };
}

/** Let a job of this page, of a file, come to its end. */
async function made(
  path: string,
  parts: Partial<Envlink.IJob> = {}
): Promise<Envlink.IJob> {
  const begun = job();
  server.jobs = [begun];
  server.routes['POST envlink/api/environments'] = () => ({
    status: 202,
    body: begun
  });
  await model.create({ path, name: 'finance' });
  const done = job({ status: 'succeeded', ...parts });
  server.jobs = [done];
  await model.refresh();
  return done;
}

function nearby(...files: Partial<Envlink.INearbyFile>[]): void {
  const whole = files.map(each => ({
    ...{ path: FILE, name: 'environment.yml', format: 'environment-yml' },
    ...{ errors: 0, environment_id: null, environment: null },
    ...{ changes: null, obstacle: null },
    ...each
  }));
  const query = new URLSearchParams({ path: 'work/a.ipynb' });
  server.routes[`GET envlink/api/files?${query}`] = () => ({
    folder: 'work',
    files: whole,
    is_whole: true
  });
}

describe('the notebooks that an environment is likely for', () => {
  it('lie beside its file, and do not run on it already', async () => {
    open = [
      session('work/a.ipynb', 'python3'),
      session('work/b.ipynb', null),
      session('work/c.ipynb', 'finance'),
      session('work/console-1', 'python3', 'console'),
      session('elsewhere/d.ipynb', 'python3')
    ];
    const done = await made(FILE);
    expect(notebooksFor(done, model, page()).map(each => each.path)).toEqual([
      'work/a.ipynb',
      'work/b.ipynb'
    ]);
    const others = job({ id: 'of another page', status: 'succeeded' });
    expect(notebooksFor(others, model, page())).toEqual([]);
    expect(notebooks(page())).toHaveLength(4);
  });
});

describe('Attacher', () => {
  it('brings the notebook that wanted it to its kernel, and no other', async () => {
    open = [session('work/a.ipynb', 'python3'), session('work/b.ipynb', null)];
    attacher.want('work/a.ipynb', FILE);
    await made(FILE);
    await eventually(() =>
      expect(changed).toEqual([['work/a.ipynb', 'finance']])
    );
    await eventually(() =>
      expect(Notification.manager.notifications[0].message).toBe(
        'a.ipynb runs on finance now.'
      )
    );
  });

  it.each(['failed', 'cancelled'] as const)(
    'changes nothing where the job has %s, and all when it is tried again with success',
    async status => {
      open = [session('work/a.ipynb', 'python3')];
      attacher.want('work/a.ipynb', FILE);
      const failed = await made(FILE, { status });
      await settle(50);
      expect(changed).toEqual([]);
      const again = job({ id: 'again' });
      server.routes[`POST envlink/api/jobs/${failed.id}/retry`] = () => ({
        status: 202,
        body: again
      });
      server.jobs = [failed, again];
      await model.retry(failed.id);
      server.jobs = [failed, job({ id: 'again', status: 'succeeded' })];
      await model.refresh();
      await eventually(() => expect(changed).toHaveLength(1));
    }
  );

  it('offers to make the kernel that a notebook asks for and nobody has', async () => {
    nearby({});
    await attacher.offer(session('work/a.ipynb', null), 'books');
    const [said] = Notification.manager.notifications;
    expect(said.message).toContain('The kernel books of a.ipynb is not here.');
    expect(said.options.autoClose).toBe(false);
    said.options.actions![0].callback(new MouseEvent('click'));
    expect(executed).toEqual([
      [CommandIDs.createForNotebook, { notebook: 'work/a.ipynb', path: FILE }]
    ]);
    await attacher.offer(session('work/a.ipynb', null), 'books');
    expect(Notification.manager.count).toBe(0);
  });

  it.each([
    ['the kernel is there', 'finance', {}],
    ['the notebook asks for none', '', {}],
    ['the file has its environment', 'books', { environment_id: 'a' }],
    ['the file has mistakes', 'books', { errors: 1 }],
    ['the file lies above', 'books', { path: 'environment.yml' }]
  ])('offers nothing where %s', async (why, kernel, file) => {
    nearby(file);
    await attacher.offer(session('work/a.ipynb', null), kernel);
    expect(Notification.manager.count).toBe(0);
  });

  it('is silent where the server does not say what lies there', async () => {
    await attacher.offer(session('work/a.ipynb', null), 'books');
    expect(Notification.manager.count).toBe(0);
  });
});
