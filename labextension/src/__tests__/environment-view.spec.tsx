import { followed } from '../following';
import { matching, sorted, sourceWord } from '../environment-view/package-rows';
import { moved } from '../environment-view/tabs';
import type { IViewProps } from '../environment-view/view';
import { EnvironmentView } from '../environment-view/view';
import { CommandIDs } from '../ids';
import type { EnvlinkModel } from '../model';
import type { Envlink } from '../tokens';
import {
  environment,
  eventually,
  FakeServer,
  generation,
  job,
  line,
  removed,
  settle,
  trans
} from './server';

import { UseSignal } from '@jupyterlab/ui-components';

import { CommandRegistry } from '@lumino/commands';

import * as React from 'react';
import { createRoot } from 'react-dom/client';
import type { Root } from 'react-dom/client';
import { Simulate } from 'react-dom/test-utils';

(
  globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }
).IS_REACT_ACT_ENVIRONMENT = true;

const ID = 'aaaaaaaaaaaa';
const ROUTE = `GET envlink/api/environments/${ID}`;

let server: FakeServer;
let model: EnvlinkModel;
let commands: CommandRegistry;
let executed: [string, object][];
let host: HTMLElement;
let root: Root;

function held(
  name: string,
  changes: Partial<Envlink.IInstalledPackage> = {}
): Envlink.IInstalledPackage {
  return {
    name,
    version: '1.0',
    build: '0',
    channel: 'https://conda.example/conda-forge/',
    size: 1000,
    subdir: 'noarch',
    manager: 'conda',
    requested: null,
    disk: 2000,
    needs: [],
    ...changes
  };
}

function detail(
  changes: Partial<Envlink.IEnvironmentDetail> = {}
): Envlink.IEnvironmentDetail {
  return {
    ...environment(),
    packages: [held('numpy', { requested: 'numpy >=2' }), held('alpha')],
    unreadable: [],
    revisions: [],
    kernel_specs: [],
    activated: [],
    ...changes
  };
}

function share(total: number, unique: number): Envlink.IShare {
  return {
    total,
    unique,
    cache: total - unique,
    generations: 0,
    elsewhere: 0
  };
}

function usage(changes: Partial<Envlink.IDiskUsage> = {}): Envlink.IDiskUsage {
  return {
    ...share(5_000_000, 1_000_000),
    measured: '2026-11-23T12:00:00Z',
    packages: [
      { ...share(3_000_000, 0), name: 'numpy', version: '2', manager: 'conda' },
      { ...share(0, 0), name: 'empty', version: '1', manager: 'conda' }
    ],
    rest: [{ ...share(2_000_000, 1_000_000), kind: 'bytecode' }],
    kept: [],
    exact: true,
    unreadable: [],
    ...changes
  };
}

beforeEach(() => {
  server = new FakeServer();
  server.environments = [environment()];
  server.routes[ROUTE] = () => detail();
  executed = [];
  commands = new CommandRegistry();
  for (const id of [...Object.values(CommandIDs), 'docmanager:open']) {
    commands.addCommand(id, {
      execute: args => {
        executed.push([id, args]);
      }
    });
  }
  host = document.body.appendChild(document.createElement('div'));
  root = createRoot(host);
});

afterEach(() => {
  React.act(() => root.unmount());
  host.remove();
  model.dispose();
  server.restore();
});

function View(props: Omit<IViewProps, 'onTab'>): JSX.Element {
  const [tab, onTab] = React.useState(props.tab);
  return (
    <UseSignal signal={props.model.stateChanged}>
      {() => <EnvironmentView {...props} tab={tab} onTab={onTab} />}
    </UseSignal>
  );
}

async function show(
  tab = '',
  more: Partial<Omit<IViewProps, 'onTab'>> = {}
): Promise<void> {
  model = server.model();
  await model.ready;
  const terminalObstacle = () => null;
  const props = { commands, id: ID, model, tab, terminalObstacle, trans };
  await React.act(async () => root.render(<View {...props} {...more} />));
  await React.act(() => settle(5));
}

function button(text: string, within: Element = host): HTMLButtonElement {
  const found = [...within.querySelectorAll('button')].find(
    each => each.textContent === text
  );
  if (!found) {
    throw new Error(`There is no button "${text}".`);
  }
  return found;
}

async function press(text: string): Promise<void> {
  await React.act(async () => button(text).click());
  await React.act(() => settle(5));
}

function names(): (string | null)[] {
  return [...host.querySelectorAll('[data-package]')].map(
    each => each.textContent
  );
}

describe('The header', () => {
  it('says what it is and how, and offers what can be done', async () => {
    server.environments = [
      environment({
        last_used: '2026-11-23T12:00:00Z',
        size: { total: 5_000_000, unique: 1_000_000 }
      })
    ];
    await show();
    const header = host.querySelector('header');
    expect(header?.textContent).toContain('Ready');
    expect(header?.textContent).toContain('5.0 MB on the disk, 1.0 MB only');
    expect(header?.querySelector('time')?.dateTime).toBe(
      '2026-11-23T12:00:00Z'
    );
    button('Copy path').click();
    button('Open terminal').click();
    button('Update…').click();
    expect(executed).toEqual([
      [CommandIDs.copyPath, { id: ID }],
      [CommandIDs.openTerminal, { id: ID }],
      [CommandIDs.update, { id: ID }]
    ]);
  });

  it('says why there is no terminal', async () => {
    await show('', { terminalObstacle: () => 'There are none.' });
    expect(button('Open terminal').title).toBe('There are none.');
    button('Open terminal').click();
    expect(executed).toEqual([]);
  });

  it('tells the reason and the remedy of one that is broken', async () => {
    const problem = { code: 'x', message: 'Python is gone.', remedy: 'Anew.' };
    server.environments = [
      environment({ state: 'broken', problem, kernels: [] })
    ];
    await show();
    expect(host.querySelector('header')?.textContent).toContain(
      'Python is gone.Anew.'
    );
  });

  it('offers nothing for what is being made', async () => {
    server.environments = [environment({ state: 'building' })];
    await show();
    expect(host.querySelectorAll('header [role="group"] button')).toHaveLength(
      0
    );
  });
});

describe('The tabs', () => {
  it('follow the keys as the ARIA practices have it', () => {
    expect(moved('ArrowRight', 0, 3)).toBe(1);
    expect(moved('ArrowRight', 2, 3)).toBe(0);
    expect(moved('ArrowLeft', 0, 3)).toBe(2);
    expect(moved('ArrowLeft', 0, 3, true)).toBe(1);
    expect(moved('Home', 2, 3)).toBe(0);
    expect(moved('End', 0, 3)).toBe(2);
    expect(moved('x', 0, 3)).toBeNull();
  });

  it('show what they stand for, and have the focus', async () => {
    await show();
    const first = host.querySelector<HTMLElement>('[role="tab"]')!;
    first.focus();
    await React.act(async () => Simulate.keyDown(first, { key: 'End' }));
    expect(document.activeElement?.textContent).toBe('Kernels');
    const panel = host.querySelector('[role="tabpanel"]')!;
    expect(panel.getAttribute('aria-labelledby')).toBe(
      document.activeElement?.id
    );
    expect(panel.textContent).toContain('No kernel of this server runs in it.');
  });
});

describe('The packages', () => {
  it('come as they were asked for, and are sorted and filtered', async () => {
    await show();
    expect(names()).toEqual(['numpy', 'alpha']);
    expect(
      host.querySelector('[data-requested="true"]')?.textContent
    ).toContain('asked for');
    await press('Name');
    expect(names()).toEqual(['alpha', 'numpy']);
    await press('Name ▴');
    expect(names()).toEqual(['numpy', 'alpha']);
    const filter = host.querySelector('input')!;
    filter.value = 'ALP';
    await React.act(async () => Simulate.change(filter));
    expect(names()).toEqual(['alpha']);
    expect(host.querySelector('[role="status"]')?.textContent).toBe('1 of 2');
  });

  it('say of each why it is there', async () => {
    server.routes[`${ROUTE}/why?package=alpha`] = () => ({
      name: 'alpha',
      version: '1.0',
      manager: 'conda',
      requested: null,
      orphan: false,
      chains: [
        [
          { name: 'numpy', version: '2.0', spec: 'numpy >=2' },
          { name: 'alpha', version: '1.0', spec: 'alpha >=1' }
        ]
      ],
      left_out: 2,
      needed_by: [{ name: 'numpy', version: '2.0', spec: 'alpha >=1' }],
      needs: [{ name: 'beta', version: null, spec: 'beta' }]
    });
    await show();
    await press('alpha');
    const why = host.querySelector('.jp-EnvlinkView-why')!;
    expect(why.querySelector('.jp-EnvlinkView-chains')?.textContent).toBe(
      'numpy 2.0 numpy >=2alpha 1.0 alpha >=1'
    );
    expect(why.textContent).toContain('… and 2 more');
    expect(why.textContent).toContain('It is not installed.');
    await press('alpha');
    expect(host.querySelector('.jp-EnvlinkView-why')).toBeNull();
  });

  it('say what an orphan is', async () => {
    server.routes[`${ROUTE}/why?package=alpha`] = () => ({
      ...{ name: 'alpha', version: '1.0', manager: 'conda', requested: null },
      ...{ orphan: true, chains: [], left_out: 0, needed_by: [], needs: [] }
    });
    await show();
    await press('alpha');
    expect(host.textContent).toContain(
      'Nobody has asked for alpha, and nothing needs it.'
    );
  });

  it('tell what could not be read', async () => {
    server.routes[ROUTE] = () =>
      detail({ packages: [], unreadable: ['/x.json'] });
    await show();
    expect(host.textContent).toContain('could not be read');
    expect(host.textContent).toContain('/x.json');
    expect(host.textContent).toContain('No package is in it.');
  });

  it('are asked for again where that failed', async () => {
    const failing = () => ({
      status: 500,
      body: { code: 'x', message: 'A disk error.', remedy: '', details: {} }
    });
    server.routes[ROUTE] = failing;
    await show();
    expect(host.textContent).toContain('A disk error.');
    server.routes[ROUTE] = () => detail();
    await press('Retry');
    expect(names()).toEqual(['numpy', 'alpha']);
    expect(host.textContent).not.toContain('A disk error.');
  });

  it('are told apart by where they came from', () => {
    const all = [
      held('b', { disk: 3 }),
      held('a', { manager: 'pip', channel: null, disk: null }),
      held('c', { version: '10', disk: 1 }),
      held('d', { version: '9', channel: null, disk: 2 })
    ];
    expect(all.map(sourceWord)).toEqual([
      'conda-forge',
      'pip',
      'conda-forge',
      'conda'
    ]);
    const order = (column: 'version' | 'disk', isDescending: boolean) =>
      sorted(all, { column, isDescending }).map(each => each.name);
    expect(order('version', true)).toEqual(['c', 'd', 'a', 'b']);
    expect(order('disk', true)).toEqual(['b', 'd', 'c', 'a']);
    expect(matching(all, 'pip').map(each => each.name)).toEqual(['a']);
    expect(matching(all, ' forge  10').map(each => each.name)).toEqual(['c']);
  });
});

describe('The disk', () => {
  it('is a picture, and a table that says the same', async () => {
    server.routes[`${ROUTE}/disk`] = () =>
      usage({
        exact: false,
        unreadable: ['/closed'],
        kept: [{ number: 1, created: '2026-11-23T12:00:00Z', bytes: 4_000_000 }]
      });
    await show('disk');
    const picture = host.querySelector('.jp-EnvlinkView-picture')!;
    expect(
      [...picture.querySelectorAll('title')].map(each => each.textContent)
    ).toEqual([
      'numpy: 3.0 MB, of which 0 B only here',
      'Compiled modules (__pycache__): 2.0 MB, of which 1.0 MB only here'
    ]);
    const rows = [...host.querySelectorAll('tbody tr')];
    expect(rows.map(each => each.textContent)).toEqual([
      'numpy3.0 MB0 B',
      'Compiled modules (__pycache__)2.0 MB1.0 MB'
    ]);
    expect(host.textContent).toContain('5.0 MB on the disk, of which 1.0 MB');
    expect(host.textContent).toContain('share parts of files without a trace');
    expect(host.textContent).toContain('/closed');
    expect(host.textContent).toContain('4.0 MB that nothing else needs');
  });

  it('leads from a tile of the picture to why its package is there, without a mouse', async () => {
    server.routes[`${ROUTE}/disk`] = () => usage();
    server.routes[`${ROUTE}/why?package=numpy`] = () => new Promise(() => {});
    await show('disk');
    const tiles = [...host.querySelectorAll<SVGElement>('[data-tile]')];
    expect(
      tiles.map(each => [each.getAttribute('role'), each.tabIndex])
    ).toEqual([
      ['button', 0],
      ['img', -1]
    ]);
    const key = (name: string) =>
      React.act(() =>
        document.activeElement!.dispatchEvent(
          new KeyboardEvent('keydown', { key: name, bubbles: true })
        )
      );
    await React.act(async () => tiles[0].focus());
    await key('ArrowDown');
    expect(document.activeElement).toBe(tiles[1]);
    expect(tiles.map(each => each.tabIndex)).toEqual([-1, 0]);
    await key('Enter');
    expect(host.querySelector('[data-tile]')).not.toBeNull();
    await key('Home');
    await key('Enter');
    await React.act(() => settle());
    const open = host.querySelector('[data-package="conda numpy"]');
    expect(open?.getAttribute('aria-expanded')).toBe('true');
    expect(document.activeElement).toBe(open);
  });

  it('is measured again when asked, and given up when asked', async () => {
    server.routes[`${ROUTE}/disk`] = () => usage();
    server.routes[`${ROUTE}/disk?refresh=1`] = () => new Promise(() => {});
    await show('disk');
    await press('Measure again');
    await press('Stop');
    expect(server.signals[server.signals.length - 1]?.aborted).toBe(true);
    expect(host.textContent).toContain('Measure again');
  });
});

describe('The history', () => {
  const time = '2026-11-23T12:00:00Z';

  it('has earlier states with what going back would change', async () => {
    server.generations = [generation({ number: 2, created: time })];
    await show('history');
    const [row] = host.querySelectorAll('[data-generation]');
    expect(row.textContent).toContain('Before an update');
    expect(row.textContent).toContain('Rolling back:1 to downgrade');
    expect(row.querySelector('time')?.dateTime).toBe(time);
    expect(row.querySelector('time')?.textContent).toBe(
      new Date(time).toLocaleString(undefined, {
        dateStyle: 'short',
        timeStyle: 'short'
      })
    );
    button('Roll back…').click();
    expect(executed).toEqual([
      [CommandIDs.rollBack, { id: ID, generation: 2 }]
    ]);
  });

  it('takes no place for them where there are none', async () => {
    await show('history');
    expect(server.asked('GET', /generations/)).toHaveLength(1);
    expect(host.textContent).not.toContain('Earlier states');
    expect(host.textContent).toContain('It has no history of conda.');
  });

  it('is read again when a job has changed it', async () => {
    server.jobs = [job({ operation: 'update' })];
    await show('history');
    server.generations = [generation()];
    server.jobs = [job({ operation: 'update', status: 'succeeded' })];
    await React.act(() => model.refresh());
    await eventually(() =>
      expect(host.querySelector('[data-generation]')).not.toBeNull()
    );
  });

  it('does not offer going back where it may not be changed', async () => {
    server.environments = [environment({ not_changeable: 'It is frozen.' })];
    server.generations = [generation()];
    await show('history');
    for (const text of ['Roll back…', 'Update…', 'Rename…']) {
      expect(button(text).title).toBe('It is frozen.');
      button(text).click();
    }
    expect(executed).toEqual([]);
  });

  it('says why earlier states cannot be read', async () => {
    server.routes[`${ROUTE}/generations`] = () => ({
      status: 500,
      body: { code: 'x', message: 'A disk error.', remedy: '', details: {} }
    });
    await show('history');
    expect(host.textContent).toContain('A disk error.');
  });

  it('has what conda has kept', async () => {
    const revision = { number: 3, date: time, command: 'conda install x' };
    server.routes[ROUTE] = () =>
      detail({
        revisions: [{ ...revision, added: ['x-1-0'], removed: ['y-1-0'] }]
      });
    await show('history');
    expect(host.textContent).toContain('Revision 3');
    expect(host.textContent).toContain('− y-1-0+ x-1-0');
  });
});

describe('The jobs', () => {
  it('are those of this environment, each with its log', async () => {
    const own = job({ status: 'succeeded', finished: '2026-11-23T12:00:00Z' });
    server.jobs = [own, job({ id: 'other-job', environment_id: 'b' })];
    server.logs[own.id] = [line('numpy is there.')];
    await show('jobs');
    expect(host.querySelectorAll('[data-past-job]')).toHaveLength(1);
    await press('Show log');
    await eventually(() =>
      expect(host.querySelector('[role="log"]')?.textContent).toContain(
        'numpy is there.'
      )
    );
  });

  it('say where there are none', async () => {
    await show('jobs');
    expect(host.textContent).toContain('No job');
  });
});

describe('The exports, variables and kernels', () => {
  it('are copied, or say why not', async () => {
    server.environments = [environment({ exports: ['yml', 'pack'] })];
    const copy = jest.fn();
    Object.assign(navigator, { clipboard: { writeText: copy } });
    server.routes[`${ROUTE}/export?format=yml`] = () => ({
      format: 'yml',
      filename: 'environment.yml',
      text: 'name: x\n'
    });
    await show('exports');
    await press('Copy');
    expect(copy).toHaveBeenCalledWith('name: x\n');
    expect(host.textContent).toContain(
      'The text of environment.yml was copied'
    );
    server.routes[`${ROUTE}/export?format=yml`] = () => ({
      status: 409,
      body: { code: 'x', message: 'It is damaged.', remedy: '', details: {} }
    });
    await press('Copy');
    expect(host.textContent).toContain('It is damaged.');
    const pack = host.querySelector('[data-format="pack"]')!;
    expect(pack.querySelectorAll('button')).toHaveLength(1);
    button('Save', pack).click();
    expect(executed).toEqual([
      [CommandIDs.exportEnvironment, { id: ID, format: 'pack' }]
    ]);
  });

  it('show no secret', async () => {
    server.routes[ROUTE] = () =>
      detail({
        activated: [
          { name: 'HOST', value: 'db', source: 'state' },
          { name: 'TOKEN', value: null, source: 'kernel' }
        ]
      });
    await show('variables');
    expect(host.textContent).toContain('HOSTdb');
    expect(host.textContent).toContain('TOKENNot shown');
  });

  it('say how a kernel is started, and end those that run', async () => {
    server.environments = [
      environment({ running: [{ id: 'k', name: 'finance', path: 'a.ipynb' }] })
    ];
    server.routes[ROUTE] = () =>
      detail({
        kernel_specs: [
          {
            ...{ name: 'finance', display_name: 'finance (Python 3.11)' },
            ...{ language: 'python', argv: ['/x/python', '-m', 'k'] },
            ...{ aliases: ['conda-env-finance-py'], registered: false }
          }
        ]
      });
    await show('kernels');
    expect(host.textContent).toContain('/x/python -m k');
    expect(host.textContent).toContain('only this server offers it');
    button('Open').click();
    button('Shut down').click();
    expect(executed).toEqual([
      ['docmanager:open', { path: 'a.ipynb' }],
      [CommandIDs.shutDownKernel, { kernel: 'k' }]
    ]);
  });
});

describe('An environment that is not there', () => {
  it('is told, and restored where it was removed', async () => {
    server.environments = [];
    server.removed = [removed()];
    await show();
    expect(host.textContent).toContain('finance was removed.');
    button('Restore').click();
    expect(executed).toEqual([[CommandIDs.restore, { job: removed().job }]]);
  });

  it('is told where nothing is known of it', async () => {
    await show('', { id: 'bbbbbbbbbbbb' });
    expect(host.textContent).toContain('not on this machine any more');
  });

  it('is followed to its new name, over several', () => {
    const rename = (from: string, to: string) =>
      job({
        operation: 'rename',
        status: 'succeeded',
        source_id: from,
        environment_id: to
      });
    const environments = [environment({ id: 'c' })];
    const jobs = [rename('b', 'c'), rename('a', 'b'), rename('x', 'y')];
    expect(followed({ environments, jobs }, 'a')).toBe('c');
    expect(followed({ environments, jobs }, 'x')).toBe('x');
    expect(followed({ environments, jobs }, 'c')).toBe('c');
    const circle = [rename('b', 'a'), rename('a', 'b')];
    expect(followed({ environments, jobs: circle }, 'a')).toBe('a');
  });
});
