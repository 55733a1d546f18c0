import { EnvlinkApi } from '../api';
import { Kernels } from '../kernels';
import { EnvlinkModel } from '../model';
import type { IPage } from '../page';
import type { Envlink } from '../tokens';

import type { ISessionContext } from '@jupyterlab/apputils';
import type { Event } from '@jupyterlab/services';
import { KernelSpecManager, ServerConnection } from '@jupyterlab/services';
import { nullTranslator } from '@jupyterlab/translation';

import { Signal } from '@lumino/signaling';

export const trans = nullTranslator.load('jupyter_envlink');

/** What a route answers: a status and a body, or a body alone. */
type Answer = unknown | { status: number; body: unknown };

type Route = (request: IRequest) => Answer | Promise<Answer>;

export interface IRequest {
  method: string;
  /** From the base URL on, with its query. */
  path: string;
  body: { [key: string]: unknown } | null;
}

/**
 * A server at the border of `ServerConnection.makeRequest`: what it holds is what the routes answer.
 */
export class FakeServer {
  constructor() {
    this._spy = jest
      .spyOn(ServerConnection, 'makeRequest')
      .mockImplementation((url, init) => this._answer(url, init));
  }

  readonly settings = ServerConnection.makeSettings({
    baseUrl: 'http://test/base/'
  });
  readonly requests: IRequest[] = [];
  /** Of each request: aborted once the page waits for it no more. */
  readonly signals: (AbortSignal | null)[] = [];
  environments: Envlink.IEnvironment[] = [];
  stale: Envlink.IStale[] = [];
  jobs: Envlink.IJob[] = [];
  logs: { [job: string]: Envlink.ILogEntry[] } = {};
  removed: Envlink.IRemoved[] = [];
  generations: Envlink.IGeneration[] = [];
  kernels: string[] = [];
  /** What is known of the use of any environment, but for its running kernels. */
  uses: Partial<Envlink.IUses> = {};
  /** Tried before the routes that are always there. */
  routes: { [methodAndPath: string]: Route } = {};
  /** When set, nothing is answered. */
  isDown = false;

  model(): EnvlinkModel {
    const api = new EnvlinkApi(this.settings, trans);
    const serverSettings = this.settings;
    const kernelspecs = new KernelSpecManager({ serverSettings });
    this._managers.push(kernelspecs);
    const kernels = new Kernels(kernelspecs);
    kernels.follow(this.events);
    const { events, failures } = this;
    return new EnvlinkModel({ api, events, failures, kernels });
  }

  /** Emits where a request of others does not get through. */
  readonly failures = new Signal<object, Error>({});

  readonly events = new Signal<Event.IManager, Event.Emission>(
    {} as Event.IManager
  );

  emit(schema: string, data: object): void {
    this.events.emit({ schema_id: schema, ...data } as Event.Emission);
  }

  asked(method: string, path: string | RegExp): IRequest[] {
    return this.requests.filter(
      each =>
        each.method === method &&
        (typeof path === 'string' ? each.path === path : path.test(each.path))
    );
  }

  restore(): void {
    this._managers.forEach(manager => manager.dispose());
    this._spy.mockRestore();
  }

  private async _answer(url: string, init: RequestInit): Promise<Response> {
    if (this.isDown) {
      throw new ServerConnection.NetworkError(new TypeError('no network'));
    }
    const path = url.replace(this.settings.baseUrl, '').replace(/\?\d+$/, '');
    const method = init.method ?? 'GET';
    const body = init.body ? JSON.parse(String(init.body)) : null;
    const request: IRequest = { method, path, body };
    this.signals.push(init.signal ?? null);
    this.requests.push(request);
    const route = this.routes[`${method} ${path}`];
    const answer = await (route ? route(request) : this._standing(request));
    const whole = isWhole(answer) ? answer : { status: 200, body: answer };
    return response(whole.status, whole.body);
  }

  private _standing({ method, path }: IRequest): Answer {
    const route = path.replace(/\?.*/, '').replace('envlink/api/', '');
    const [noun, id, verb] = route.split('/');
    if (path.startsWith('api/kernelspecs')) {
      return kernelspecs(this.kernels);
    }
    if (method !== 'GET') {
      return { status: 405, body: { message: 'Method Not Allowed' } };
    }
    if (noun === 'info') {
      return INFO;
    }
    if (noun === 'removed') {
      return { removed: this.removed };
    }
    if (noun === 'environments' && verb === 'uses') {
      const found = this.environments.find(each => each.id === id);
      const running = found?.running ?? [];
      return { ...NO_USES, environment_id: id, running, ...this.uses };
    }
    if (noun === 'environments' && verb === 'generations') {
      return { generations: this.generations };
    }
    if (noun === 'environments') {
      return { environments: this.environments, age: 0, stale: this.stale };
    }
    if (noun === 'jobs' && verb === 'log') {
      const offset = Number(/offset=(\d+)/.exec(path)?.[1] ?? 0);
      const entries = this.logs[id] ?? [];
      const job = this.jobs.find(each => each.id === id);
      return {
        entries: entries.slice(offset),
        next_offset: entries.length,
        finished: job?.finished !== null
      };
    }
    if (noun === 'jobs' && id) {
      return this.jobs.find(each => each.id === id);
    }
    return { jobs: this.jobs };
  }

  private _managers: KernelSpecManager[] = [];
  private _spy: jest.SpyInstance;
}

export const INFO: Envlink.IInfo = {
  version: '0.1.0',
  python: '3.11',
  engine: 'rattler',
  engines: [{ name: 'rattler', version: '0.28.0', path: null, problem: null }],
  envs_dir: '/home/me/envs',
  envs_dirs: ['/home/me/envs'],
  kernel_spec_manager: true,
  manager: 'jupyter_envlink.manager.EnvlinkKernelSpecManager',
  inner_manager: null,
  registration: 'all',
  registration_problem: null,
  read_only: false,
  keep_generations: 3,
  undo_seconds: 3600,
  platform: 'linux-64'
};

export function environment(
  changes: Partial<Envlink.IEnvironment> = {}
): Envlink.IEnvironment {
  const name = changes.name ?? 'finance';
  return {
    id: 'aaaaaaaaaaaa',
    name,
    prefix: `/home/me/envs/${name}`,
    kind: 'conda',
    state: 'ready',
    problem: null,
    registration_problem: null,
    language: 'python',
    python_version: '3.11',
    is_base: false,
    is_server: false,
    writable: true,
    frozen: false,
    overlay: false,
    actions: [],
    hidden: false,
    title: null,
    variables: {},
    attached: true,
    registered: true,
    kernels: [
      { name, display_name: `${name} (Python 3.11)`, language: 'python' }
    ],
    running: [],
    last_used: null,
    exports: [],
    not_removable: null,
    not_changeable: null,
    size: null,
    ...changes
  };
}

export function job(changes: Partial<Envlink.IJob> = {}): Envlink.IJob {
  const finished = ['queued', 'running', 'cancelling'].includes(
    changes.status ?? 'running'
  )
    ? null
    : '2026-11-23T12:00:09Z';
  return {
    id: '20261123-120000-abcd',
    operation: 'create',
    status: 'running',
    name: 'finance',
    prefix: '/home/me/envs/finance',
    environment_id: 'aaaaaaaaaaaa',
    phases: ['solving', 'downloading', 'installing', 'pip', 'verifying'],
    source_id: null,
    phase: 'solving',
    percent: 5,
    bytes: null,
    message: '',
    created: '2026-11-23T12:00:00Z',
    started: '2026-11-23T12:00:01Z',
    finished,
    error: null,
    result: null,
    ...changes
  };
}

export function plan(changes: Partial<Envlink.IPlan> = {}): Envlink.IPlan {
  return {
    text: 'dependencies: [python=3.11, numpy, pip: [humanize]]\n',
    operation: 'create',
    environment_id: null,
    format: 'environment-yml',
    name: 'finance',
    prefix: '/home/me/envs/finance',
    name_problem: null,
    channels: ['conda-forge'],
    conda: ['python=3.11', 'numpy'],
    pip: ['humanize'],
    pip_changes: null,
    pip_removed: null,
    pip_steps: null,
    variables: {},
    variable_changes: null,
    added: [{ spec: 'ipykernel', reason: 'The file names no kernel.' }],
    notes: [],
    diagnostics: [],
    solution: null,
    conflict: null,
    ...changes
  };
}

const NO_USES: Omit<Envlink.IUses, 'environment_id'> = {
  running: [],
  notebooks: [],
  last_used: null,
  since: null
};

export function line(text: string): Envlink.ILogEntry {
  return { time: '2026-11-23T12:00:02Z', kind: 'line', text };
}

export function removed(
  changes: Partial<Envlink.IRemoved> = {}
): Envlink.IRemoved {
  return {
    job: '20261123-120000-dead',
    environment_id: 'aaaaaaaaaaaa',
    name: 'finance',
    prefix: '/home/me/envs/finance',
    removed: '2026-11-23T12:00:00Z',
    until: '2100-01-01T00:00:00Z',
    ...changes
  };
}

export function changes(
  parts: Partial<Envlink.IChanges> = {}
): Envlink.IChanges {
  return {
    install: [],
    upgrade: [],
    downgrade: [],
    rebuild: [],
    remove: [],
    unchanged: 0,
    ...parts
  };
}

export function packageOf(name: string, version: string): Envlink.IPackage {
  return { name, version, build: '0', channel: null, size: null };
}

export function generation(
  parts: Partial<Envlink.IGeneration> = {}
): Envlink.IGeneration {
  const [from, to] = [packageOf('numpy', '2.0'), packageOf('numpy', '1.0')];
  return {
    number: 1,
    created: '2026-11-23T12:00:00Z',
    job: '20261123-120000-abcd',
    operation: 'update',
    changes: changes({ downgrade: [{ from, to }] }),
    ...parts
  };
}

/** A page in which these kernels are open. */
export function page(...kernels: string[]): IFakePage {
  const restarted: string[] = [];
  const sessions = kernels.map(id => ({
    session: { kernel: { id } },
    restartKernel: async () => void restarted.push(id)
  })) as unknown as ISessionContext[];
  const made = {
    front: () => made.document,
    clicked: () => made.row,
    sessions: () => sessions,
    document: '',
    row: '',
    restarted
  };
  return made;
}

/** What a test sets, and what it looks at. */
export interface IFakePage extends IPage {
  document: string;
  row: string;
  restarted: string[];
}

/** Let pending promises and short timers run. */
export async function settle(milliseconds = 0): Promise<void> {
  await new Promise(resolve => setTimeout(resolve, milliseconds));
}

/** What `check` returns once it does not throw any more; a loaded machine is given its time. */
export async function eventually<T>(check: () => T): Promise<T> {
  const deadline = Date.now() + 10000;
  for (;;) {
    try {
      return check();
    } catch (reason) {
      if (Date.now() > deadline) {
        throw reason;
      }
      await settle(10);
    }
  }
}

function kernelspecs(names: string[]): unknown {
  const specs: { [name: string]: unknown } = {};
  for (const name of ['python3', ...names]) {
    const spec = {
      argv: ['python'],
      display_name: name,
      language: 'python',
      metadata: {},
      env: {}
    };
    specs[name] = { name, spec, resources: {} };
  }
  return { default: 'python3', kernelspecs: specs };
}

function isWhole(answer: Answer): answer is { status: number; body: unknown } {
  const whole = answer as { status?: unknown; body?: unknown } | undefined;
  return typeof whole?.status === 'number' && 'body' in whole;
}

function response(status: number, body: unknown): Response {
  const text =
    status === 204
      ? null
      : typeof body === 'string'
        ? body
        : JSON.stringify(body);
  return new Response(text, { status, statusText: `status ${status}` });
}
