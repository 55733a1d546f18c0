import { createRoot } from 'react-dom/client';

import { Changes, countWords, sentence, weightWords } from '../changes';
import type { Envlink } from '../tokens';
import { trans } from './server';

import * as React from 'react';

function item(changes: Partial<Envlink.IPackage> = {}): Envlink.IPackage {
  const channel = 'https://x/conda-forge';
  return {
    name: 'a',
    version: '1',
    build: '0',
    channel,
    size: 1_500,
    ...changes
  };
}

function move(
  from: Partial<Envlink.IPackage>,
  to: Partial<Envlink.IPackage>
): Envlink.IMove {
  return { from: item(from), to: item(to) };
}

const nothing: Envlink.IChanges = {
  install: [],
  upgrade: [],
  downgrade: [],
  rebuild: [],
  remove: [],
  unchanged: 3
};

async function shown(changes: Envlink.IChanges): Promise<string[][]> {
  const host = document.createElement('div');
  await React.act(async () =>
    createRoot(host).render(<Changes changes={changes} trans={trans} />)
  );
  return [...host.querySelectorAll('details')].map(part => [
    part.querySelector('summary')!.textContent!,
    ...[...part.querySelectorAll('tr')].map(row =>
      [...row.children].map(cell => cell.textContent).join(' ')
    )
  ]);
}

describe('countWords', () => {
  it('counts each kind of change that there is', () => {
    const changes = {
      ...nothing,
      install: [item(), item({ name: 'b' })],
      remove: [item({ name: 'c' })]
    };
    const said = (of: typeof changes) => sentence(countWords(of, trans), trans);
    expect(said(changes)).toBe('2 to install, 1 to remove.');
    expect(said(nothing)).toBe('Nothing changes.');
  });
});

describe('weightWords', () => {
  it('says that an estimate is one', () => {
    const solution = {
      packages: [],
      download_bytes: 0,
      disk_bytes: 5_000_000,
      disk_exact: true,
      pip_stranded: [],
      changes: nothing
    };
    expect(weightWords(solution, trans)).toBe(
      '0 B to download, 5.0 MB on the disk.'
    );
    expect(weightWords({ ...solution, disk_exact: false }, trans)).toContain(
      'about 5.0 MB'
    );
  });
});

describe('Changes', () => {
  it('groups the packages by what happens to them, and says what differs', async () => {
    const found = await shown({
      ...nothing,
      install: [item({ size: null })],
      upgrade: [move({ version: '1.9' }, { version: '1.10', build: '7' })],
      rebuild: [
        move({ name: 'r' }, { name: 'r', build: '1' }),
        move({ name: 's', channel: 'old' }, { name: 's', channel: 'new' })
      ]
    });
    expect(found).toEqual([
      ['1 to install', 'a 1 '],
      ['1 to upgrade', 'a 1.9 → 1.10 1.5 kB'],
      ['2 to rebuild', 'r 0 → 1 1.5 kB', 's old → new 1.5 kB']
    ]);
  });

  it('shows nothing where nothing changes', async () => {
    expect(await shown(nothing)).toEqual([]);
  });
});
