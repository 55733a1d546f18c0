import type { Page } from '@playwright/test';

/** What the server would answer: for states that are hard to come by, or that go by too quickly to be looked at. */
export type Answer = { [key: string]: unknown };

/** A page whose questions are answered here. */
export type Answered = Pick<Page, 'route'>;

/** An environment with a kernel, but for what is said about it. */
export function environment(name: string, said: Answer = {}): Answer {
  return {
    id: Buffer.from(name).toString('hex').slice(-12).padStart(12, '0'),
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
    hidden: false,
    title: null,
    variables: {},
    overlay: false,
    actions: [],
    attached: true,
    registered: true,
    kernels: [
      { name, display_name: `${name} (Python 3.11)`, language: 'python' }
    ],
    running: [],
    exports: ['yml', 'explicit'],
    not_removable: null,
    not_changeable: null,
    size: null,
    last_used: null,
    ...said
  };
}

/** An environment that is no kernel, and why. */
export function unready(
  name: string,
  state: string,
  message: string,
  remedy: string
): Answer {
  return environment(name, {
    state,
    attached: false,
    registered: false,
    kernels: [],
    problem: { code: state, message, remedy },
    actions: state === 'no-kernel' ? ['install-kernel', 'overlay'] : []
  });
}

/** One environment in each state that there is. */
export function everyState(): Answer[] {
  return [
    environment('ready'),
    environment('running', {
      running: [{ id: 'k1', name: 'running', path: 'finance/Cash flow.ipynb' }]
    }),
    environment('titled', {
      title: 'Own words',
      variables: { OMP_NUM_THREADS: '2' }
    }),
    environment('server', { is_server: true, is_base: true }),
    environment('frozen', {
      frozen: true,
      not_changeable: 'It asks to be left as it is; nothing here changes it.'
    }),
    environment('overlay', { overlay: true }),
    environment('detached', { attached: false, registered: false }),
    environment('read-only', {
      writable: false,
      not_removable: 'Its folder is not yours to write to.',
      not_changeable: 'Its folder is not yours to write to.'
    }),
    environment('unregistered', {
      registered: false,
      registration_problem: {
        code: 'not-registered',
        message: 'The folder of kernels cannot be written to.',
        remedy: 'Make it writable.'
      }
    }),
    environment('a-name-that-is-far-too-long-for-a-narrow-panel-'.repeat(3), {
      kind: 'pixi',
      prefix: '/home/me/' + 'a-folder-of-some-length/'.repeat(8) + '.pixi'
    }),
    environment('hidden', { hidden: true }),
    unready(
      'no-kernel',
      'no-kernel',
      'no-kernel has Python, but no kernel for Jupyter.',
      'Install a kernel into it: the package ipykernel.'
    ),
    unready(
      'broken',
      'broken',
      'bin/python of broken points to a file that is gone.',
      'Create it again from its file.'
    ),
    unready('building', 'building', 'It is being built.', 'Wait until it is.'),
    unready(
      'incomplete',
      'incomplete',
      'A build of incomplete was interrupted.',
      'Create it again, or remove it.'
    )
  ];
}

/** A job in one of its states. */
export function job(status: string, said: Answer = {}): Answer {
  const isOver = !['queued', 'running', 'cancelling'].includes(status);
  const id = `20260101-000000-${Buffer.from(status).toString('hex').slice(0, 6)}`;
  return {
    id,
    operation: 'create',
    status,
    name: `of-${status}`,
    prefix: `/home/me/envs/of-${status}`,
    environment_id: Buffer.from(status).toString('hex').slice(-12),
    source_id: null,
    phases: ['solving', 'downloading', 'installing', 'verifying'],
    phase: status === 'running' ? 'downloading' : null,
    percent: status === 'running' ? 42 : null,
    bytes: status === 'running' ? { done: 2.1e7, total: 5e7 } : null,
    message: status === 'running' ? 'numpy 2.1' : '',
    created: '2026-01-01T10:00:00Z',
    started: status === 'queued' ? null : '2026-01-01T10:00:01Z',
    finished: isOver ? '2026-01-01T10:01:00Z' : null,
    error:
      status === 'failed'
        ? {
            code: 'pip-failed',
            message: 'pip could not install envlink-none.',
            remedy: 'Check the name in line 7.',
            details: {}
          }
        : null,
    result: null,
    ...said
  };
}

/** One job in each state that there is. */
export function everyJob(): Answer[] {
  return [
    'queued',
    'running',
    'cancelling',
    'succeeded',
    'failed',
    'cancelled',
    'interrupted'
  ].map(status => job(status));
}

/** Answer the page's questions about environments and jobs in place of the server. */
export async function answer(
  page: Answered,
  environments: Answer[],
  jobs: Answer[] = []
): Promise<void> {
  await page.route(/envlink\/api\/environments(\?|$)/, route =>
    route.fulfill({ json: { age: 0, environments, stale: [] } })
  );
  await page.route(/envlink\/api\/jobs(\?|$)/, route =>
    route.fulfill({ json: { jobs } })
  );
}

/** Answer `info` as the server does, but for what is said. */
export async function inform(page: Answered, said: Answer): Promise<void> {
  await page.route(/envlink\/api\/info(\?|$)/, async route => {
    const answer = await route.fetch();
    await route.fulfill({ json: { ...(await answer.json()), ...said } });
  });
}
