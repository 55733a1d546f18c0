import type { EnvlinkModel } from '../model';
import { ENVIRONMENTS_SCHEMA, JOB_SCHEMA } from '../event-schemas';
import {
  environment,
  eventually,
  FakeServer,
  job,
  line,
  settle
} from './server';

let server: FakeServer;
let model: EnvlinkModel;

async function start(): Promise<EnvlinkModel> {
  model = server.model();
  await model.ready;
  // The manager of kernel specs asks once more when it starts to poll.
  await settle(20);
  return model;
}

function jobEvent(changes: object = {}) {
  const { id, operation, name, environment_id } = job();
  return {
    ...{ id, operation, name, environment_id },
    ...{ status: 'running', phase: 'installing', percent: 42, ...changes }
  };
}

function changed(kernels_changed: boolean) {
  return { added: [], changed: [], removed: [], kernels_changed };
}

beforeEach(() => {
  server = new FakeServer();
});

afterEach(() => {
  model.dispose();
  server.restore();
});

describe('EnvlinkModel', () => {
  it('starts with what the server has, running jobs too', async () => {
    server.environments = [environment()];
    server.jobs = [job()];
    await start();
    expect(model.environments).toEqual([environment()]);
    expect(model.jobs).toEqual([job()]);
    expect(model.info?.engine).toBe('rattler');
    expect(model.isLoading).toBe(false);
    expect(model.error).toBeNull();
  });

  it('keeps the list and says why when a refresh fails, and mends itself', async () => {
    server.environments = [environment()];
    await start();
    server.isDown = true;
    const warn = jest.spyOn(console, 'warn').mockImplementation();
    await model.refresh();
    warn.mockRestore();
    expect(model.error?.code).toBe('unreachable');
    expect(model.jobsError?.code).toBe('unreachable');
    expect(model.environments).toHaveLength(1);
    server.isDown = false;
    await model.refresh();
    expect(model.error).toBeNull();
    expect(model.jobsError).toBeNull();
  });

  it('keeps the object of an environment that has not changed', async () => {
    server.environments = [
      environment(),
      environment({ id: 'bbbbbbbbbbbb', name: 'other' })
    ];
    await start();
    const [first, second] = model.environments;
    server.environments = [
      environment(),
      environment({ id: 'bbbbbbbbbbbb', name: 'other', attached: false })
    ];
    await model.refresh();
    expect(model.environments[0]).toBe(first);
    expect(model.environments[1]).not.toBe(second);
    expect(model.environments[1].attached).toBe(false);
  });

  it('reads again at an event, and asks for kernel specs only where they changed', async () => {
    await start();
    server.environments = [environment()];
    const specs = () => server.asked('GET', 'api/kernelspecs').length;
    const before = specs();
    server.emit(ENVIRONMENTS_SCHEMA, changed(false));
    await settle(20);
    expect(model.environments).toHaveLength(1);
    expect(specs()).toBe(before);
    server.emit(ENVIRONMENTS_SCHEMA, changed(true));
    await settle(20);
    expect(specs()).toBe(before + 1);
  });

  it('misses no change of kernel specs that comes while they are read', async () => {
    await start();
    const answers: (() => void)[] = [];
    server.routes['GET api/kernelspecs'] = async () => {
      const seen = server.kernels.slice();
      await new Promise<void>(resolve => answers.push(resolve));
      return specsOf(seen);
    };
    server.emit(ENVIRONMENTS_SCHEMA, changed(true));
    await settle(10);
    server.kernels = ['late'];
    server.emit(ENVIRONMENTS_SCHEMA, changed(true));
    answers[0]();
    await settle(10);
    expect(answers).toHaveLength(2);
    answers[1]();
  });

  it('ignores the events of others', async () => {
    await start();
    const before = server.requests.length;
    server.emit('https://events.jupyter.org/something', changed(true));
    await settle(10);
    expect(server.requests).toHaveLength(before);
  });

  it('shows what a job event says without asking', async () => {
    server.jobs = [job()];
    await start();
    const before = server.requests.length;
    server.emit(JOB_SCHEMA, jobEvent());
    expect(model.jobs[0]).toMatchObject({ phase: 'installing', percent: 42 });
    expect(server.requests).toHaveLength(before);
  });

  it('fetches a job that another page has started', async () => {
    await start();
    server.jobs = [job()];
    server.emit(JOB_SCHEMA, jobEvent());
    await settle(10);
    expect(model.jobs.map(each => each.id)).toEqual([job().id]);
    expect(model.isFollowed(job().id)).toBe(false);
  });

  it('fetches the error of a job that has failed', async () => {
    server.jobs = [job()];
    await start();
    const error = {
      code: 'unsolvable',
      message: 'No.',
      remedy: 'Ask for less.',
      details: {}
    };
    server.jobs = [job({ status: 'failed', error })];
    server.emit(JOB_SCHEMA, jobEvent({ status: 'failed' }));
    await settle(10);
    expect(model.jobs[0].error).toEqual(error);
  });

  it('does not wake an ended job with an older answer', async () => {
    server.jobs = [job({ status: 'succeeded' })];
    await start();
    server.routes[`DELETE envlink/api/jobs/${job().id}`] = () => ({
      status: 202,
      body: job({ status: 'cancelling' })
    });
    await model.cancel(job().id);
    expect(model.jobs[0].status).toBe('succeeded');
  });

  it('after success waits until the kernel is in the list of specs', async () => {
    server.jobs = [job()];
    await start();
    server.jobs = [job({ status: 'succeeded' })];
    server.environments = [environment()];
    let asked = 0;
    server.routes['GET api/kernelspecs'] = () => {
      asked += 1;
      return specsOf(asked < 3 ? [] : ['finance']);
    };
    server.emit(JOB_SCHEMA, jobEvent({ status: 'succeeded' }));
    expect(await model.kernelOf('aaaaaaaaaaaa')).toBe('finance');
    expect(asked).toBeGreaterThanOrEqual(3);
  });

  it('creates, follows the log by offset, and remembers the folder', async () => {
    await start();
    server.routes['POST envlink/api/environments'] = () => {
      server.jobs = [job()];
      return { status: 202, body: job() };
    };
    server.logs[job().id] = [line('one'), line('two')];
    const made = await model.create({ path: 'deep/er/environment.yml' });
    expect(model.folder(made.id)).toBe('deep/er');
    expect(model.isFollowed(made.id)).toBe(true);
    await settle(50);
    expect(model.log(made.id).map(entry => entry.text)).toEqual(['one', 'two']);
    server.logs[job().id].push(line('three'));
    await settle(900);
    expect(model.log(made.id).map(entry => entry.text)).toEqual([
      'one',
      'two',
      'three'
    ]);
    const offsets = server
      .asked('GET', /\/log/)
      .map(each => each.path.replace(/.*offset=/, ''));
    expect(offsets.slice(0, 2)).toEqual(['0', '2']);
    expect(offsets).not.toContain('1');
  });

  it('stops asking for the log of an ended job', async () => {
    server.jobs = [job({ status: 'failed' })];
    server.logs[job().id] = [line('the end')];
    await start();
    model.follow(job().id, true);
    await settle(50);
    expect(model.log(job().id)).toHaveLength(1);
    const before = server.asked('GET', /\/log/).length;
    await settle(900);
    expect(server.asked('GET', /\/log/)).toHaveLength(before);
  });

  it('attaches at once, or by a job where there is no kernel', async () => {
    server.environments = [
      environment({ attached: false }),
      environment({ id: 'bbbbbbbbbbbb', name: 'bare', state: 'no-kernel' })
    ];
    await start();
    server.routes['POST envlink/api/environments/aaaaaaaaaaaa/kernel'] = () =>
      environment();
    server.routes['POST envlink/api/environments/bbbbbbbbbbbb/kernel'] =
      () => ({ status: 202, body: job({ operation: 'install-kernel' }) });
    await model.attach('aaaaaaaaaaaa');
    expect(model.environments[0].attached).toBe(true);
    expect(model.jobs).toHaveLength(0);
    await model.attach('bbbbbbbbbbbb', 'install');
    expect(model.jobs[0].operation).toBe('install-kernel');
    expect(server.asked('POST', /kernel/).map(each => each.body)).toEqual([
      null,
      { how: 'install' }
    ]);
  });

  it('hides, and asks for the kernel specs anew', async () => {
    server.environments = [environment()];
    await start();
    const bodies: unknown[] = [];
    server.routes['PATCH envlink/api/environments/aaaaaaaaaaaa/kernel'] = ({
      body
    }) => {
      bodies.push(body);
      return environment({ hidden: true });
    };
    const specs = () => server.asked('GET', 'api/kernelspecs').length;
    const before = specs();
    await model.hide('aaaaaaaaaaaa', true);
    expect(bodies).toEqual([{ hidden: true }]);
    expect(model.environments[0].hidden).toBe(true);
    expect(specs()).toBe(before + 1);
  });

  it('rejects settings that the server does not take', async () => {
    server.environments = [environment()];
    await start();
    server.routes['PATCH envlink/api/environments/aaaaaaaaaaaa/kernel'] =
      () => ({
        status: 400,
        body: { code: 'x', message: 'Too long.', remedy: '', details: {} }
      });
    await expect(
      model.configure('aaaaaaaaaaaa', { title: 'x' })
    ).rejects.toMatchObject({ message: 'Too long.' });
    expect(model.actionError('aaaaaaaaaaaa')).toBeNull();
  });

  it('keeps what went wrong beside the environment, until it is dismissed', async () => {
    server.environments = [environment()];
    await start();
    server.routes['DELETE envlink/api/environments/aaaaaaaaaaaa/kernel'] =
      () => ({
        status: 409,
        body: { code: 'conflict', message: 'Busy.', remedy: '', details: {} }
      });
    await model.detach('aaaaaaaaaaaa');
    expect(model.actionError('aaaaaaaaaaaa')?.message).toBe('Busy.');
    expect(model.isBusy('aaaaaaaaaaaa')).toBe(false);
    model.dismissError('aaaaaaaaaaaa');
    expect(model.actionError('aaaaaaaaaaaa')).toBeNull();
  });

  it('tells the listeners of jobs the status before', async () => {
    server.jobs = [job({ status: 'failed' })];
    await start();
    const told: unknown[] = [];
    model.jobChanged.connect((_, change) => {
      told.push([change.before, change.job.status]);
    });
    const again = job({ id: '20261123-120100-ffff', status: 'queued' });
    server.routes[`POST envlink/api/jobs/${job().id}/retry`] = () => ({
      status: 202,
      body: again
    });
    await model.retry(job().id);
    server.emit(JOB_SCHEMA, jobEvent({ id: again.id }));
    expect(told).toEqual([
      [null, 'queued'],
      ['queued', 'running']
    ]);
  });
});

function specsOf(names: string[]) {
  const specs: { [name: string]: unknown } = {};
  for (const name of ['python3', ...names]) {
    const spec = {
      argv: ['p'],
      display_name: name,
      language: 'python',
      metadata: {},
      env: {}
    };
    specs[name] = { name, spec, resources: {} };
  }
  return { default: 'python3', kernelspecs: specs };
}

describe('a server that is gone', () => {
  it('is asked again until it is back, and then for everything', async () => {
    server.environments = [environment()];
    model = server.model();
    await model.ready;
    const readAt = model.readAt;
    expect(readAt).not.toBeNull();
    server.isDown = true;
    await model.refresh();
    expect(model.error?.code).toBe('unreachable');
    expect(model.environments).toHaveLength(1);
    expect(model.readAt).toBe(readAt);
    server.isDown = false;
    server.environments = [environment(), environment({ id: 'b' })];
    server.jobs = [job()];
    await eventually(() => expect(model.error).toBeNull());
    expect(model.environments).toHaveLength(2);
    await eventually(() => expect(model.jobs).toHaveLength(1));
    const asked = server.asked('GET', /environments/).length;
    await settle(100);
    expect(server.asked('GET', /environments/).length).toBe(asked);
  });
});
