import { CommandIDs } from '../ids';
import type { Envlink } from '../tokens';
import { enabled, press } from './screen';
import { Shown } from './shown';
import {
  changes,
  environment,
  eventually,
  FakeServer,
  job,
  packageOf,
  page,
  plan
} from './server';

import { Simulate } from 'react-dom/test-utils';

const PATH = 'finance/environment.yml';
const TEXT = 'dependencies:\n  - b=1\n';
const FINANCE = 'aaaaaaaaaaaa';
const OTHER = 'bbbbbbbbbbbb';

let server: FakeServer;
let shown: Shown;
let patched: unknown[];

beforeEach(() => {
  server = new FakeServer();
  server.environments = [
    environment(),
    environment({ id: OTHER, name: 'other' })
  ];
  patched = [];
  for (const id of [FINANCE, OTHER]) {
    server.routes[`PATCH envlink/api/environments/${id}`] = ({ body }) => {
      patched.push([id, body]);
      server.jobs = [job({ operation: 'update' })];
      return { status: 202, body: server.jobs[0] };
    };
  }
  answer(() => ({}));
});

afterEach(() => {
  shown.dispose();
  server.restore();
});

/** Let the server plan updates so; a plan without an environment has the name that the file says. */
function answer(
  part: (request: Envlink.IPlanRequest) => Partial<Envlink.IPlan>,
  name = 'nobody'
): void {
  server.routes['POST envlink/api/plan'] = ({ body }) => {
    const request = body as Envlink.IPlanRequest;
    return request.environment
      ? plan({
          operation: 'update',
          environment_id: request.environment,
          pip_changes: [],
          pip_removed: [],
          variable_changes: [],
          ...part(request)
        })
      : plan({ name });
  };
}

/** What the channels say. */
function solution(parts: Partial<Envlink.IChanges>): Envlink.ISolution {
  return {
    packages: [],
    download_bytes: 1000,
    disk_bytes: 3500,
    disk_exact: true,
    pip_stranded: [],
    changes: changes(parts)
  };
}

async function start(args: object, front = ''): Promise<HTMLElement> {
  shown = new Shown(server, { [PATH]: TEXT }, page());
  shown.inPage.document = front;
  const { node } = await shown.run(CommandIDs.update, { path: PATH, ...args });
  await eventually(() => chosen(node));
  return node;
}

/** Until a request to update was made. */
async function updated(): Promise<void> {
  await eventually(() => expect(patched).not.toEqual([]));
}

function chosen(node: HTMLElement): string {
  return node.querySelector('select')!.value;
}

function said(node: HTMLElement): string {
  return node.querySelector('.jp-Envlink-solution')?.textContent ?? '';
}

describe('update', () => {
  it('shows what would change, and asks for the update only when that is agreed to', async () => {
    answer(({ solve }) => ({
      pip_changes: [
        { item: 'a', name: 'a', installed: null, change: 'install' },
        { item: 'b<2', name: 'b', installed: '2.1', change: 'change' },
        { item: 'c', name: 'c', installed: '1', change: 'keep' },
        { item: '-e .', name: null, installed: null, change: 'unknown' }
      ],
      variable_changes: [
        { name: 'DATA', from: '/old', to: '/new' },
        { name: 'MODE', from: null, to: 'fast' }
      ],
      solution: solve
        ? solution({
            install: [packageOf('polars', '1')],
            upgrade: [{ from: packageOf('x', '1'), to: packageOf('x', '2') }]
          })
        : null
    }));
    const node = await start({ id: FINANCE });
    await eventually(() =>
      expect(said(node)).toBe(
        '1 to install, 1 to upgrade, 3 with pip, 2 variables. 1.0 kB to download, 3.5 kB on the disk.'
      )
    );
    const rows = [...node.querySelectorAll('.jp-Envlink-changes tr')];
    expect(rows.map(row => row.textContent)).toEqual([
      'polars1',
      'x1 → 2',
      'ais installed',
      'b<22.1 is replaced',
      '-e .pip decides',
      'DATA/old → /new',
      'MODEfast'
    ]);
    expect(patched).toEqual([]);
    await press(node, 'Update');
    await updated();
    expect(patched).toEqual([[FINANCE, { path: PATH, prune: false }]]);
    await eventually(() =>
      expect(node.querySelector('[data-job]')).not.toBeNull()
    );
    const { model } = shown;
    expect(model.folder(model.jobs[0].id)).toBe('finance');
  });

  it('names what pip has installed and goes, or is seen no more', async () => {
    answer(({ solve }) => ({
      pip_removed: [{ name: 'old', version: '1.1' }],
      solution: solve
        ? { ...solution({}), pip_stranded: [{ name: 'left', version: '2' }] }
        : null
    }));
    const node = await start({ id: FINANCE });
    await eventually(() => expect(said(node)).toContain('1 with pip'));
    const row = node.querySelector('.jp-Envlink-changes tr')?.textContent;
    expect(row).toBe('old1.1 is removed');
    const problem = node.querySelector('.jp-Envlink-problem')?.textContent;
    expect(problem).toContain('not seen by the new one: left 2');
  });

  it('shows of a virtual environment what uv says', async () => {
    answer(({ solve }) => ({
      format: 'requirements',
      channels: [],
      pip_steps: solve
        ? [
            { name: 'a', version: '1', action: 'uninstalled' },
            { name: 'a', version: '2', action: 'installed' },
            { name: 'b', version: '3', action: 'installed' },
            { name: 'c', version: '4', action: 'uninstalled' }
          ]
        : null
    }));
    const node = await start({ id: FINANCE });
    const rows = () => [...node.querySelectorAll('.jp-Envlink-changes tr')];
    await eventually(() =>
      expect(rows().map(row => row.textContent)).toEqual([
        'a1 → 2',
        'b3',
        'c4 is removed'
      ])
    );
    expect(said(node)).toBe('3 with pip.');
  });

  it('says that nothing changes', async () => {
    answer(({ solve }) => ({
      solution: solve ? { ...solution({}), disk_bytes: 0 } : null
    }));
    const node = await start({ id: FINANCE });
    await eventually(() => expect(said(node)).toBe('Nothing changes.'));
  });

  it('prunes only where that is wanted, and plans anew for it', async () => {
    answer(({ prune, solve }) => ({
      solution: solve
        ? solution(prune ? { remove: [packageOf('old', '1')] } : {})
        : null
    }));
    const node = await start({ id: FINANCE });
    await eventually(() => expect(said(node)).toContain('Nothing changes.'));
    const prune = node.querySelector<HTMLInputElement>('[type=checkbox]')!;
    expect(prune.checked).toBe(false);
    const hint = prune.getAttribute('aria-describedby')!;
    expect(document.getElementById(hint)?.textContent).toContain('by hand');
    prune.click();
    await eventually(() => expect(said(node)).toContain('1 to remove'));
    await press(node, 'Update');
    await updated();
    expect(patched).toEqual([[FINANCE, { path: PATH, prune: true }]]);
  });

  it('names the notebooks whose kernels run in it', async () => {
    server.environments = [
      environment({
        running: [
          { id: 'k1', name: 'finance', path: 'work/a.ipynb' },
          { id: 'k2', name: 'finance', path: null }
        ]
      })
    ];
    const node = await start({ id: FINANCE });
    const running = node.querySelector('.jp-Envlink-running')?.textContent;
    expect(running).toContain('2 kernels run in it: restart them afterwards.');
    expect(running).toContain('work/a.ipynb');
  });

  it('proposes the environment that the file names', async () => {
    answer(() => ({}), 'other');
    const node = await start({});
    expect(chosen(node)).toBe(OTHER);
    await eventually(() =>
      expect(document.activeElement).toBe(node.querySelector('select'))
    );
  });

  it('else proposes the one whose kernel the notebook in front uses', async () => {
    const path = 'work/a.ipynb';
    server.environments[1] = environment({
      id: OTHER,
      name: 'other',
      running: [{ id: 'k', name: 'other', path }]
    });
    const node = await start({}, path);
    expect(chosen(node)).toBe(OTHER);
  });

  it('else lets the person choose, among those that can be changed', async () => {
    server.environments.push(
      environment({ id: 'c', name: 'base', not_changeable: 'It is the base.' })
    );
    const node = await start({});
    const options = [...node.querySelectorAll('option')];
    expect(options.map(each => each.textContent)).toEqual([
      'Choose one…',
      'finance',
      'other'
    ]);
    expect(chosen(node)).toBe('');
    expect(() => enabled(node, 'Update')).toThrow();
    const asked = () => server.asked('POST', /plan/).map(each => each.body);
    expect(asked().some(each => each?.['environment'])).toBe(false);
    Simulate.change(node.querySelector('select')!, {
      target: { value: OTHER }
    } as never);
    await press(node, 'Update');
    await updated();
    expect(patched).toEqual([[OTHER, { path: PATH, prune: false }]]);
  });

  it('says of a file that no environment can be updated from why that is so', async () => {
    server.routes['POST envlink/api/plan'] = ({ body }) =>
      body?.['environment']
        ? {
            status: 409,
            body: {
              code: 'format-not-for-update',
              message: 'Not from a file of the kind explicit.',
              remedy: 'Create one.',
              details: {}
            }
          }
        : plan({ name: 'finance' });
    const node = await start({});
    await eventually(() =>
      expect(node.textContent).toContain(
        'Not from a file of the kind explicit.'
      )
    );
    expect(node.textContent).toContain('Create one.');
    expect(chosen(node)).toBe(FINANCE);
    expect(() => enabled(node, 'Update')).toThrow();
  });

  it('offers what can be done about a conflict, as when one is created', async () => {
    const text = TEXT;
    const mended = 'dependencies:\n  - b\n';
    const details = {
      causes: [
        {
          ...{ spec: 'b=1', line: 2, column: 5, end_line: 2, end_column: 8 },
          message: 'Line 2 asks for b=1.'
        }
      ],
      remedies: [
        {
          ...{ code: 'relax-b', title: 'Take another b', diff: '' },
          ...{ explanation: 'Any b.', text: mended, solves: true }
        }
      ]
    };
    answer(request => ({
      text: request.text ?? text,
      conflict:
        request.solve && request.text === undefined
          ? { code: 'conflict', message: 'No b=1.', remedy: '', details }
          : null
    }));
    const node = await start({ id: FINANCE });
    await press(node, 'Take another b');
    await eventually(() => expect(shown.view.draft.text).toBe(mended));
    await press(node, 'Update');
    await updated();
    expect(patched).toEqual([
      [FINANCE, { path: PATH, prune: false, text: mended }]
    ]);
  });

  it('says why it was not accepted', async () => {
    server.routes[`PATCH envlink/api/environments/${FINANCE}`] = () => ({
      status: 409,
      body: { code: 'busy', message: 'It is busy.', remedy: 'Wait.' }
    });
    const node = await start({ id: FINANCE });
    await press(node, 'Update');
    await eventually(() => expect(node.textContent).toContain('It is busy.'));
    expect(enabled(node, 'Update')).toBeTruthy();
  });

  it('of a job that found no solution begins with its text and its environment', async () => {
    server.jobs = [job({ operation: 'update', status: 'failed' })];
    server.routes[`GET envlink/api/jobs/${job().id}/file`] = () => ({
      path: null,
      text: 'dependencies: [b=1]\n'
    });
    await start({ id: OTHER });
    const { node } = await shown.run(CommandIDs.mendJob, { id: job().id });
    expect(shown.main).toHaveLength(2);
    await eventually(() => expect(chosen(node)).toBe(FINANCE));
    await press(node, 'Update');
    await eventually(() =>
      expect(patched).toEqual([
        [
          FINANCE,
          {
            prune: false,
            text: 'dependencies: [b=1]\n'
          }
        ]
      ])
    );
  });

  it('is not offered for what may not be changed', async () => {
    server.environments[0] = environment({ not_changeable: 'It is frozen.' });
    await start({ id: OTHER });
    const isEnabled = (id: string) =>
      shown.commands.isEnabled(CommandIDs.update, { id });
    expect([isEnabled(FINANCE), isEnabled(OTHER)]).toEqual([false, true]);
    shown.inPage.row = FINANCE;
    expect(shown.commands.isEnabled(CommandIDs.update, { clicked: true })).toBe(
      false
    );
  });

  it('follows what is renamed meanwhile, and asks again where it is removed', async () => {
    answer(({ solve }) => ({ solution: solve ? solution({}) : null }));
    const node = await start({ id: FINANCE });
    await eventually(() => expect(said(node)).toContain('Nothing changes.'));
    const [, other] = server.environments;
    const renamed = environment({ id: 'cccccccccccc', name: 'books' });
    server.environments = [renamed, other];
    server.jobs = [
      job({
        operation: 'rename',
        status: 'succeeded',
        source_id: FINANCE,
        environment_id: renamed.id
      })
    ];
    await shown.model.refresh();
    await eventually(() => expect(chosen(node)).toBe(renamed.id));
    await eventually(() => expect(said(node)).toContain('Nothing changes.'));

    server.environments = [other];
    await shown.model.refresh();
    await eventually(() => expect(chosen(node)).toBe(''));
    expect(node.textContent).toContain('Choose an environment first.');
    expect(said(node)).toBe('');

    // It is back, by "Undo".
    server.environments = [renamed, other];
    await shown.model.refresh();
    await eventually(() => expect(chosen(node)).toBe(renamed.id));
    await eventually(() => expect(said(node)).toContain('Nothing changes.'));
  });
});
