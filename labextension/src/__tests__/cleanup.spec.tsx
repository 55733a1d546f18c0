import { Cleanup } from '../cleanup';
import { bytesOf, groupsOf, harmless } from '../cleanup-groups';
import type { EnvlinkModel } from '../model';
import type { Envlink } from '../tokens';
import { closeAll, dialog, press } from './screen';
import { eventually, FakeServer, job, settle, trans } from './server';

import * as React from 'react';
import { createRoot } from 'react-dom/client';

(
  globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }
).IS_REACT_ACT_ENVIRONMENT = true;

let server: FakeServer;
let model: EnvlinkModel;
let host: HTMLElement;
let unmount: () => void;

function leftover(
  kind: Envlink.LeftoverKind,
  bytes: number,
  parts: Partial<Envlink.ILeftover> = {}
): Envlink.ILeftover {
  const id = `${kind}-${bytes}`;
  return {
    id,
    kind,
    path: `/envs/${id}`,
    reason: 'nobody uses it',
    name: id,
    prefix: null,
    used: null,
    bytes,
    undoable: kind === 'environment',
    ...parts
  };
}

const ITEMS = [
  leftover('environment', 2e9),
  leftover('removed', 1e9),
  leftover('package', 1e6),
  leftover('package', 3e6),
  leftover('spec', 500)
];

async function show(items: Envlink.ILeftover[] = ITEMS): Promise<void> {
  const answer = (days: number) => ({
    ...{ items, days, bytes: bytesOf(items), since: '2026-01-01T00:00:00Z' }
  });
  for (const days of [90, 365]) {
    server.routes[`GET envlink/api/cleanup?days=${days}`] = () => answer(days);
  }
  host = document.body.appendChild(document.createElement('div'));
  const root = createRoot(host);
  unmount = () => React.act(() => root.unmount());
  await React.act(async () => {
    root.render(<Cleanup model={model} trans={trans} />);
    await settle(50);
  });
}

beforeEach(async () => {
  server = new FakeServer();
  model = server.model();
  await model.ready;
});

afterEach(() => {
  unmount();
  host.remove();
  closeAll();
  model.dispose();
  server.restore();
});

function ticked(): string[] {
  return [...host.querySelectorAll<HTMLElement>('[data-leftover]')]
    .filter(each => each.querySelector('input')?.checked)
    .map(each => each.dataset.leftover ?? '');
}

function free(): HTMLButtonElement {
  return [...host.querySelectorAll('button')].find(each =>
    each.textContent?.startsWith('Free')
  )!;
}

async function click(node: Element | null): Promise<void> {
  await React.act(async () => (node as HTMLElement).click());
}

describe('Cleanup', () => {
  it('ticks at first only what loses nothing, the largest first', async () => {
    await show();
    expect(ticked()).toEqual([
      'package-3000000',
      'package-1000000',
      'spec-500'
    ]);
    expect(free().textContent).toBe('Free 4.0 MB…');
    expect(host.textContent).toContain('3.0 GB could be freed.');
  });

  it('ticks a group at once, and tells what can be restored', async () => {
    await show();
    expect(host.textContent).not.toContain('cannot be restored any more');
    const unused = host.querySelector('[data-group=unused] input');
    await click(unused);
    expect(ticked()).toContain('environment-2000000000');
    expect(host.textContent).toContain('cannot be restored any more');
    await click(unused);
    expect(ticked()).not.toContain('environment-2000000000');
    const [first] = host.querySelectorAll('[data-kind=package] input');
    await click(first);
    const group = host.querySelector<HTMLInputElement>(
      '[data-group=packages] h3 input'
    );
    expect(group?.indeterminate).toBe(true);
  });

  it('asks, frees what is ticked, says what could not go, and looks again', async () => {
    await show();
    const kept = { ...ITEMS[4], reason: 'it is not writable' };
    const begun = job({ id: 'clean-1', operation: 'clean' });
    server.jobs = [begun];
    server.routes['POST envlink/api/cleanup'] = () => ({
      status: 202,
      body: { removed: [], kept: [kept], job: begun }
    });
    await click(free());
    const question = await dialog();
    expect(question.textContent).toContain('Free 4.0 MB?');
    expect(question.textContent).toContain('2, 4.0 MB');
    await React.act(async () => {
      await press(question, 'Free 4.0 MB');
      await settle(100);
    });
    const [posted] = server.asked('POST', 'envlink/api/cleanup');
    expect(posted.body).toEqual({
      ids: ['package-1000000', 'package-3000000', 'spec-500'],
      days: 90
    });
    expect(host.querySelector('[role=alert]')?.textContent).toContain(
      'it is not writable'
    );
    expect(model.jobs[0].id).toBe('clean-1');
    expect(server.asked('GET', 'envlink/api/cleanup?days=90')).toHaveLength(2);
  });

  it('does nothing where the answer is no, or nothing is ticked', async () => {
    await show([ITEMS[0]]);
    await click(free());
    expect(document.querySelector('.jp-Dialog')).toBeNull();
    expect(free().title).toBe('Nothing is ticked.');
    await click(host.querySelector('[data-leftover] input'));
    await click(free());
    const question = await dialog();
    await React.act(async () => press(question, 'Cancel'));
    expect(server.asked('POST', 'envlink/api/cleanup')).toEqual([]);
  });

  it('counts other days, and gives up the look that nobody waits for', async () => {
    await show();
    const select = host.querySelector('select')!;
    await React.act(async () => {
      select.value = '365';
      select.dispatchEvent(new Event('change', { bubbles: true }));
      await settle(50);
    });
    expect(server.asked('GET', 'envlink/api/cleanup?days=365')).toHaveLength(1);
    const looks = server.requests
      .map((each, index) => [each.path, server.signals[index]] as const)
      .filter(([path]) => path.includes('cleanup'));
    expect(looks[0][1]?.aborted).toBe(true);
    expect(looks[1][1]?.aborted).toBe(false);
  });

  it('says why the disk could not be looked at', async () => {
    await show();
    server.isDown = true;
    await click(
      [...host.querySelectorAll('button')].find(
        each => each.textContent === 'Look again'
      ) ?? null
    );
    await eventually(() =>
      expect(host.querySelector('[role=alert]')?.textContent).toBeTruthy()
    );
  });
});

describe('the groups of leftovers', () => {
  it('are those that there are', () => {
    expect(groupsOf(ITEMS, trans).map(each => each.key)).toEqual([
      'unused',
      'kept',
      'packages',
      'left'
    ]);
    expect(groupsOf([], trans)).toEqual([]);
    expect([...harmless(ITEMS)]).toHaveLength(3);
  });
});
