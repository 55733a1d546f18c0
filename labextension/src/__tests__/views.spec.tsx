import { CommandIDs } from '../ids';
import { Jobs } from '../job';
import type { EnvlinkModel } from '../model';
import * as offers from '../offers';
import { Environments } from '../side-panel/environments';
import { PanelState } from '../side-panel/panel-state';
import {
  environment,
  FakeServer,
  INFO,
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

let server: FakeServer;
let model: EnvlinkModel;
let commands: CommandRegistry;
let executed: [string, object][];
let host: HTMLElement;
let root: Root;

beforeEach(() => {
  server = new FakeServer();
  executed = [];
  commands = new CommandRegistry();
  for (const id of Object.values(CommandIDs)) {
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

async function show(View: typeof Environments | typeof Jobs): Promise<void> {
  model = server.model();
  const state = new PanelState();
  await model.ready;
  await React.act(async () =>
    root.render(
      <UseSignal signal={model.stateChanged}>
        {() => (
          <View commands={commands} model={model} state={state} trans={trans} />
        )}
      </UseSignal>
    )
  );
}

function rows(): HTMLElement[] {
  return [...host.querySelectorAll<HTMLElement>('.jp-Envlink-row')];
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

/** Unfold a row, as a click does. */
async function unfold(row = rows()[0]): Promise<void> {
  const twisty = row.querySelector<HTMLElement>('.jp-Envlink-twisty');
  await React.act(async () => twisty?.click());
}

function buttons(within: Element): (string | null)[] {
  return [...within.querySelectorAll('button')].map(each => each.textContent);
}

describe('Environments', () => {
  it('says of each how it is, by a word, and offers what can be done', async () => {
    server.environments = [
      environment(),
      environment({ id: 'b', name: 'aside', attached: false }),
      environment({
        id: 'c',
        name: 'bare',
        state: 'no-kernel',
        kernels: [],
        actions: ['install-kernel', 'overlay'],
        problem: {
          code: 'no-ipykernel',
          message: 'ipykernel is not installed in it.',
          remedy: 'Install a kernel.'
        }
      }),
      environment({
        id: 'd',
        name: 'gone',
        state: 'broken',
        problem: {
          code: 'no-python',
          message: 'Its Python is gone.',
          remedy: 'Remove it.'
        }
      }),
      environment({ id: 'e', name: 'new', state: 'building' }),
      environment({
        id: 'f',
        name: 'shared',
        state: 'no-kernel',
        kernels: [],
        actions: ['overlay']
      })
    ];
    await show(Environments);
    const seen = rows().map(row => [
      row.querySelector('.jp-Envlink-word')?.textContent,
      buttons(row)
    ]);
    expect(seen).toEqual([
      ['Ready', ['', '']],
      ['Detached', ['', 'Attach']],
      [
        'No kernel',
        ['', 'Install a kernel', 'Run without touching it', 'Why?']
      ],
      ['Broken', ['', 'Why?']],
      ['Building', []],
      ['No kernel', ['', 'Run without touching it', 'Why?']]
    ]);
    const names = [...rows()[0].querySelectorAll('button')].map(each =>
      each.getAttribute('aria-label')
    );
    expect(names).toEqual([
      'Open a notebook in finance',
      'All that can be done with finance'
    ]);
    expect(rows()[0].textContent).toContain('Python 3.11');
    expect(rows()[2].textContent).toContain(
      'ipykernel is not installed in it.'
    );
    expect(rows()[2].textContent).toContain('Install a kernel.');
    expect(rows()[3].textContent).toContain('Its Python is gone.');
  });

  it('says why an environment is not registered on the disk', async () => {
    server.environments = [
      environment({
        registration_problem: {
          code: 'no-registration',
          message: 'Kernels are not registered on the disk.',
          remedy: 'Make the folder writable.'
        }
      })
    ];
    await show(Environments);
    expect(rows()[0].textContent).toContain('Make the folder writable.');
    await unfold();
    expect(buttons(rows()[0])).toContain('Open notebook');
  });

  it('takes the focus for a key, and not once more for what is drawn later', async () => {
    server.environments = [environment(), environment({ id: 'b', name: 'x' })];
    await show(Environments);
    const press = (key: string) =>
      React.act(async () => {
        document.activeElement?.dispatchEvent(
          new KeyboardEvent('keydown', { key, bubbles: true })
        );
      });
    await React.act(async () => rows()[0].focus());
    await press('ArrowDown');
    expect(document.activeElement).toBe(rows()[1]);
    await press('ArrowDown'); // there is no further one
    await press('q'); // nor one that begins so
    expect(document.activeElement).toBe(rows()[1]);

    const menu = host.appendChild(document.createElement('button'));
    menu.focus();
    server.environments = [environment()];
    await React.act(async () => model.refresh());
    expect(rows()).toHaveLength(1);
    expect(document.activeElement).toBe(menu);
  });

  it('names the environment in the label of each button', async () => {
    server.environments = [environment()];
    await show(Environments);
    await unfold();
    for (const each of host.querySelectorAll('.jp-Envlink-row button')) {
      expect(each.getAttribute('aria-label')).toContain('finance');
    }
  });

  it('runs commands with the id', async () => {
    server.environments = [environment()];
    await show(Environments);
    await unfold();
    button('Open notebook').click();
    for (const text of [
      'Kernel settings…',
      'Explain…',
      'Update…',
      'Clone…',
      'Rename…',
      'Hide',
      'Detach',
      'Remove…'
    ]) {
      button(text).click();
    }
    const id = 'aaaaaaaaaaaa';
    expect(executed).toEqual([
      [CommandIDs.openNotebook, { id }],
      [CommandIDs.kernelSettings, { id }],
      [CommandIDs.explain, { id }],
      [CommandIDs.update, { id }],
      [CommandIDs.clone, { id }],
      [CommandIDs.rename, { id }],
      [CommandIDs.hide, { id, hidden: true }],
      [CommandIDs.detach, { id }],
      [CommandIDs.remove, { id }]
    ]);
  });

  it('offers what the server says would help, and why it is not ready', async () => {
    server.environments = [
      environment({
        state: 'no-kernel',
        kernels: [],
        actions: ['install-kernel', 'overlay']
      })
    ];
    await show(Environments);
    button('Install a kernel').click();
    button('Run without touching it').click();
    button('Why?').click();
    const id = 'aaaaaaaaaaaa';
    expect(executed).toEqual([
      [CommandIDs.installKernel, { id }],
      [CommandIDs.overlay, { id }],
      [CommandIDs.explain, { id }]
    ]);
  });

  it('says in words what an environment is', async () => {
    server.environments = [
      environment({ kind: 'uv', frozen: true, overlay: true, is_server: true })
    ];
    await show(Environments);
    const labels = [...rows()[0].querySelectorAll('.jp-Envlink-label')];
    expect(labels.map(each => each.textContent)).toEqual([
      'uv',
      'frozen',
      'overlay',
      'server'
    ]);
  });

  it('names the kernels and variables of one of which more is wanted', async () => {
    server.environments = [environment({ variables: { DATA: '/data' } })];
    await show(Environments);
    expect(rows()[0].getAttribute('aria-expanded')).toBe('false');
    await unfold();
    expect(rows()[0].getAttribute('aria-expanded')).toBe('true');
    const more = rows()[0].querySelector('.jp-Envlink-more')?.textContent;
    expect(more).toContain('finance (Python 3.11)');
    expect(more).toContain('DATA');
  });

  it('lists the hidden ones as hidden, at the end', async () => {
    server.environments = [
      environment({ name: 'aside', hidden: true }),
      environment({ id: 'b' })
    ];
    await show(Environments);
    const names = () => rows().map(row => row.dataset.environment);
    expect(names()).toEqual(['finance']);
    const fold = host.querySelector<HTMLElement>('[data-key=hidden]');
    expect(fold?.textContent).toBe('1 is hidden from the kernel menu');
    expect(fold?.getAttribute('aria-expanded')).toBe('false');
    await React.act(async () => fold?.click());
    expect(names()).toEqual(['finance', 'aside']);
    expect(rows()[1].getAttribute('aria-level')).toBe('2');
    expect(rows()[1].querySelector('.jp-Envlink-word')?.textContent).toBe(
      'Hidden'
    );
    button('Show in the menu', rows()[1]).click();
    expect(executed).toEqual([
      [CommandIDs.hide, { id: 'aaaaaaaaaaaa', hidden: false }]
    ]);
  });

  it('says who lists the kernels where envlink stands aside', async () => {
    server.routes['GET envlink/api/info'] = () => ({
      ...INFO,
      kernel_spec_manager: false,
      manager: 'nb_conda_kernels.CondaKernelSpecManager'
    });
    await show(Environments);
    const said = host.querySelector('.jp-Envlink-notice')?.textContent;
    expect(said).toContain('nb_conda_kernels.CondaKernelSpecManager');
    expect(said).toContain('registered on the disk');
  });

  it('says why the kernels of the inner manager are missing', async () => {
    const problem = { code: 'x', message: 'It is slow.', remedy: 'Wait.' };
    server.routes['GET envlink/api/info'] = () => ({
      ...INFO,
      inner_manager: { name: 'other.Manager', problem }
    });
    await show(Environments);
    const said = host.querySelector('.jp-Envlink-notice')?.textContent;
    expect(said).toBe('It is slow.Wait.');
  });

  it('says which folders do not answer, and how old what is shown is', async () => {
    server.stale = [
      { folder: '/mnt/slow', age: 130.4 },
      { folder: '/mnt/gone', age: null }
    ];
    await show(Environments);
    const said = [...host.querySelectorAll('.jp-Envlink-notice')];
    expect(said.map(each => each.textContent)).toEqual([
      '/mnt/slow does not answer: what it held 2 min ago is shown.',
      '/mnt/gone does not answer: what is in it is not known.'
    ]);
  });

  it('says once what keeps all kernels from being registered', async () => {
    const registration_problem = {
      code: 'no-registration',
      message: 'Kernels are not registered on the disk.',
      remedy: 'Make the folder writable.'
    };
    server.routes['GET envlink/api/info'] = () => ({
      ...INFO,
      registration_problem
    });
    server.environments = ['a', 'b', 'c'].map(id =>
      environment({ id, name: id, registration_problem })
    );
    await show(Environments);
    expect(host.textContent?.split('Make the folder writable.')).toHaveLength(
      2
    );
    expect(host.querySelector('.jp-Envlink-notice')?.textContent).toContain(
      'Kernels are not registered on the disk.'
    );
  });

  it('says why an environment cannot be removed, and does not try', async () => {
    server.environments = [
      environment({ name: 'base', not_removable: 'It is the base.' })
    ];
    await show(Environments);
    await unfold();
    const remove = button('Remove…');
    expect(remove.title).toBe('It is the base.');
    expect(remove.getAttribute('aria-disabled')).toBe('true');
    remove.click();
    expect(executed).toEqual([]);
  });

  it('draws markup in a name or a message as text', async () => {
    const nasty = '<img src=x onerror=alert(1)>';
    server.environments = [
      environment({
        name: nasty,
        problem: { code: 'x', message: nasty, remedy: nasty }
      })
    ];
    await show(Environments);
    expect(host.querySelector('img')).toBeNull();
    expect(rows()[0].textContent).toContain(nasty);
  });

  it('shows the error with Retry', async () => {
    server.routes['GET envlink/api/environments'] = () => ({
      status: 404,
      body: 'Not Found'
    });
    await show(Environments);
    expect(host.querySelector('[role=alert]')?.textContent).toContain(
      'not installed'
    );
    button('Retry').click();
    expect(executed).toEqual([[CommandIDs.refresh, {}]]);
  });

  it('tells an empty machine how to begin', async () => {
    await show(Environments);
    button('Create environment…').click();
    expect(executed).toEqual([
      [CommandIDs.createEnvironment, { choose: true }]
    ]);
  });

  it('filters by name, language and state, and says when nothing matches', async () => {
    server.environments = [
      environment(),
      environment({ id: 'b', name: 'Genomics', language: 'R', kernels: [] }),
      environment({ id: 'c', name: 'gone', state: 'broken' })
    ];
    server.environments[1].python_version = null;
    await show(Environments);
    const type = (value: string) =>
      React.act(async () =>
        Simulate.change(
          host.querySelector('input') as HTMLElement,
          {
            target: { value }
          } as never
        )
      );
    const names = () => rows().map(row => row.dataset.environment);
    await type('GENO');
    expect(names()).toEqual(['Genomics']);
    await type('python 3.11');
    expect(names()).toEqual(['finance', 'gone']);
    await type('broken');
    expect(names()).toEqual(['gone']);
    await type('nothing');
    expect(names()).toEqual([]);
    expect(host.querySelector('[role=status]')?.textContent).toContain(
      'No environment matches "nothing".'
    );
  });

  it('draws those of 1000 environments that are seen, and only the changed one again', async () => {
    const many = Array.from({ length: 1000 }, (_, index) =>
      environment({ id: `id${index}`, name: `env${index}` })
    );
    server.environments = many;
    await show(Environments);
    expect(rows().length).toBeGreaterThan(10);
    expect(rows().length).toBeLessThan(50);
    expect(rows()[4].getAttribute('aria-posinset')).toBe('5');
    expect(rows()[4].getAttribute('aria-setsize')).toBe('1000');
    const drawn = jest.spyOn(offers, 'nextOffers');
    server.environments = many.map((each, index) =>
      index === 7 ? { ...each, attached: false } : each
    );
    await React.act(() => model.refresh());
    expect(rows()[7].textContent).toContain('Detached');
    const ids = drawn.mock.calls.map(([each]) => each.environment.id);
    drawn.mockRestore();
    expect(new Set(ids)).toEqual(new Set(['id7']));
  });
});

describe('what was removed', () => {
  it('is listed quietly, each restored or deleted', async () => {
    server.removed = [
      removed({ until: '2026-11-24T12:00:00Z' }),
      removed({
        ...{ job: '20261123-130000-beef', name: 'old' },
        removed: '2026-11-23T13:00:00Z'
      })
    ];
    await show(Environments);
    const section = host.querySelector<HTMLDetailsElement>(
      '.jp-Envlink-removed'
    )!;
    expect(section.open).toBe(false);
    expect(section.querySelector('summary')?.textContent).toBe(
      'Recently removed (2)'
    );
    expect(rows().map(row => row.dataset.removed)).toEqual(['old', 'finance']);
    expect(rows()[1].textContent).toContain('It can be restored until');
    button('Restore', rows()[1]).click();
    button('Delete for good…', rows()[0]).click();
    expect(executed).toEqual([
      [CommandIDs.restore, { job: removed().job }],
      [CommandIDs.discard, { job: '20261123-130000-beef' }]
    ]);
    for (const each of section.querySelectorAll('button')) {
      expect(each.getAttribute('aria-label')).toMatch(/finance|old/);
    }
  });

  it('takes no place where there is nothing', async () => {
    server.environments = [environment()];
    await show(Environments);
    expect(host.querySelector('.jp-Envlink-removed')).toBeNull();
  });

  it('says beside it why it could not be restored', async () => {
    server.removed = [removed()];
    server.routes[`POST envlink/api/removed/${removed().job}`] = () => ({
      status: 409,
      body: { code: 'exists', message: 'A new one is there.', remedy: '' }
    });
    await show(Environments);
    await React.act(() => model.restore(removed().job));
    expect(rows()[0].textContent).toContain('A new one is there.');
  });

  it('that cannot be read says why, unless nothing can be read', async () => {
    const failure = { status: 500, body: { code: 'x', message: 'No.' } };
    server.routes['GET envlink/api/removed'] = () => failure;
    await show(Environments);
    expect(host.querySelectorAll('[role=alert]')).toHaveLength(1);
    server.routes['GET envlink/api/environments'] = () => failure;
    await React.act(() => model.refresh());
    expect(host.querySelectorAll('[role=alert]')).toHaveLength(1);
  });
});

describe('Jobs', () => {
  it('shows how much is downloaded, where that is known', async () => {
    server.jobs = [
      job({ bytes: { done: 12_300_000, total: 45_000_000 } }),
      job({ id: 'c', operation: 'roll-back' })
    ];
    await show(Jobs);
    const said = rows().map(row => [
      row.querySelector('.jp-Envlink-name')?.textContent,
      row.querySelector('.jp-Envlink-bytes')?.textContent
    ]);
    expect(said).toEqual([
      ['Create finance', '12.3 MB of 45.0 MB'],
      ['Roll finance back', undefined]
    ]);
  });

  it('shows phase and percent of what runs, and cancels it', async () => {
    server.jobs = [job({ phase: 'downloading', percent: 41.7 })];
    await show(Jobs);
    const bar = host.querySelector('progress');
    expect(bar?.value).toBe(41);
    expect(bar?.getAttribute('aria-label')).toBe('Create finance');
    expect(rows()[0].textContent).toContain('Downloading packages');
    expect(rows()[0].textContent).toContain('41 %');
    button('Cancel').click();
    expect(executed).toEqual([[CommandIDs.cancelJob, { id: job().id }]]);
  });

  it('offers no second cancel', async () => {
    server.jobs = [job({ status: 'cancelling' })];
    await show(Jobs);
    button('Cancel').click();
    expect(executed).toEqual([]);
    expect(button('Cancel').title).toContain('being cancelled');
  });

  it('shows why a job has failed, what to do, and Retry', async () => {
    server.jobs = [
      job({
        status: 'failed',
        error: {
          code: 'unsolvable',
          message: 'numpy 1 and numpy 2 exclude each other.',
          remedy: 'Ask for one of them.',
          details: {}
        }
      })
    ];
    await show(Jobs);
    const said = host.querySelector('[role=alert]')?.textContent;
    expect(said).toContain('numpy 1 and numpy 2 exclude each other.');
    expect(said).toContain('Ask for one of them.');
    button('Retry').click();
    expect(executed).toEqual([[CommandIDs.retryJob, { id: job().id }]]);
  });

  it('do not repeat what the list of environments says', async () => {
    const silent = () => ({ status: 404, body: 'Not Found' });
    server.routes['GET envlink/api/jobs'] = silent;
    await show(Jobs);
    expect(host.querySelectorAll('[role=alert]')).toHaveLength(1);
    server.routes['GET envlink/api/environments'] = silent;
    await React.act(() => model.refresh());
    expect(host.querySelector('[role=alert]')).toBeNull();
  });

  it('offers to mend the file of a job that found no solution', async () => {
    const cause = {
      spec: 'numpy=1',
      line: 3,
      column: 5,
      end_line: 3,
      end_column: 12,
      message: 'Line 3 …'
    };
    const error = {
      code: 'conflict',
      message: 'numpy 1 and numpy 2 exclude each other.',
      remedy: '',
      details: { causes: [cause] }
    };
    server.jobs = [job({ status: 'failed', error })];
    await show(Jobs);
    button('What can be done').click();
    expect(executed).toEqual([[CommandIDs.mendJob, { id: job().id }]]);
    expect(button('Retry')).toBeTruthy();
  });

  it('says when a job ended, and what it said at its end', async () => {
    server.jobs = [
      job({ status: 'cancelled', message: 'Cancelled; nothing is left.' })
    ];
    await show(Jobs);
    expect(rows()[0].textContent).toContain('Cancelled; nothing is left.');
    expect(host.querySelector('time')?.dateTime).toBe('2026-11-23T12:00:09Z');
  });

  it('opens a notebook in what was made, but not in what has gone since', async () => {
    server.jobs = [job({ status: 'succeeded' })];
    server.environments = [environment()];
    await show(Jobs);
    button('Open notebook').click();
    expect(executed).toEqual([
      [CommandIDs.openNotebook, { id: 'aaaaaaaaaaaa', cwd: '' }]
    ]);
    server.environments = [];
    await React.act(() => model.refresh());
    expect(buttons(host)).toEqual(['Show log']);
  });

  it('shows the log as it grows, and hides it', async () => {
    server.jobs = [job()];
    server.logs[job().id] = [
      { ...line('32 packages'), kind: 'phase', phase: 'installing' },
      { ...line('half'), kind: 'progress', percent: 50 },
      line('solving <b>bold</b>')
    ];
    await show(Jobs);
    expect(host.querySelector('[role=log]')).toBeNull();
    await React.act(async () => {
      button('Show log').click();
      await settle(50);
    });
    const log = host.querySelector('[role=log]');
    const lines = [...(log?.querySelectorAll('[data-line]') ?? [])];
    expect(lines.map(each => each.textContent)).toEqual([
      'Installing packages',
      '32 packages',
      'solving <b>bold</b>'
    ]);
    expect(button('Hide log').getAttribute('aria-expanded')).toBe('true');
    await React.act(async () => {
      server.logs[job().id].push(line('linking'));
      await settle(900);
    });
    expect(log?.textContent).toContain('linking');
    await React.act(async () => button('Hide log').click());
    expect(host.querySelector('[role=log]')).toBeNull();
  });

  it('keeps all running jobs in sight, and the old ones at hand', async () => {
    const old = Array.from({ length: 9 }, (_, index) =>
      job({ id: `old-${index}`, status: 'succeeded' })
    );
    server.jobs = [...old, job()];
    await show(Jobs);
    expect(rows()).toHaveLength(6);
    expect(rows()[0].dataset.job).toBe(job().id);
    await React.act(async () => button('Show 4 older jobs').click());
    expect(rows()).toHaveLength(10);
  });
});
