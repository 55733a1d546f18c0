import { Log } from '../log';
import { findIn, linesOf, partsOf, textOf } from '../log-lines';
import type { Envlink } from '../tokens';
import { line, trans } from './server';

import { Clipboard } from '@jupyterlab/apputils';

import * as React from 'react';
import { createRoot } from 'react-dom/client';

(
  globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }
).IS_REACT_ACT_ENVIRONMENT = true;

let host: HTMLElement;
let unmount: () => void;

async function show(entries: Envlink.ILogEntry[]): Promise<void> {
  host = document.body.appendChild(document.createElement('div'));
  const root = createRoot(host);
  unmount = () => React.act(() => root.unmount());
  await React.act(async () =>
    root.render(<Log entries={entries} title="Create finance" trans={trans} />)
  );
}

afterEach(() => {
  unmount();
  host.remove();
  jest.restoreAllMocks();
});

function many(count: number): Envlink.ILogEntry[] {
  return Array.from({ length: count }, (_, index) => line(`line ${index}`));
}

function drawn(): string[] {
  return [...host.querySelectorAll('[data-line]')].map(
    each => each.textContent ?? ''
  );
}

function log(): HTMLElement {
  return host.querySelector('[role=log]')!;
}

function said(): string {
  return host.querySelector('[role=status]')?.textContent ?? '';
}

async function find(text: string): Promise<HTMLInputElement> {
  const field = host.querySelector('input')!;
  const set = Object.getOwnPropertyDescriptor(
    HTMLInputElement.prototype,
    'value'
  )!.set!;
  await React.act(async () => {
    set.call(field, text);
    field.dispatchEvent(new Event('input', { bubbles: true }));
  });
  return field;
}

async function key(node: HTMLElement, name: string, more: object = {}) {
  await React.act(async () => {
    node.dispatchEvent(
      new KeyboardEvent('keydown', { key: name, bubbles: true, ...more })
    );
  });
}

function button(text: string): HTMLButtonElement {
  return [...host.querySelectorAll('button')].find(
    each => each.textContent === text
  )!;
}

describe('Log', () => {
  it('draws a hundred thousand lines as few', async () => {
    await show(many(100_000));
    expect(drawn().length).toBeLessThan(100);
    expect(drawn()[0]).toBe('line 0');
  });

  it('finds, goes on and back, round and round, and counts', async () => {
    await show(many(1000));
    const field = await find('LINE 99');
    expect(said()).toBe('1 of 11');
    expect(drawn()).toContain('line 99');
    await key(field, 'Enter');
    expect(said()).toBe('2 of 11');
    expect(drawn()).toContain('line 990');
    expect(host.querySelector('mark.jp-mod-current')?.textContent).toBe(
      'line 99'
    );
    await key(field, 'Enter', { shiftKey: true });
    await key(field, 'Enter', { shiftKey: true });
    expect(said()).toBe('11 of 11');
    expect(drawn()).toContain('line 999');
    await find('nowhere');
    expect(said()).toBe('Not found');
    expect(button('↓').getAttribute('aria-disabled')).toBe('true');
  });

  it('copies all, or the lines that are selected, drawn or not', async () => {
    const copied: string[] = [];
    jest
      .spyOn(Clipboard, 'copyToSystem')
      .mockImplementation(text => void copied.push(String(text)));
    await show(many(500));
    expect(button('Copy selection').getAttribute('aria-disabled')).toBe('true');
    await React.act(async () => button('Copy all').click());
    expect(copied[0].split('\n')).toHaveLength(500);
    expect(said()).toBe('500 lines copied');
    await key(log(), 'ArrowDown', { shiftKey: true });
    await key(log(), 'ArrowDown', { shiftKey: true });
    await React.act(async () => button('Copy selection').click());
    expect(copied[1]).toBe('line 0\nline 1\nline 2');
    expect(host.querySelectorAll('.jp-mod-selected')).toHaveLength(3);
    await key(log(), 'End', { shiftKey: true });
    await React.act(async () => button('Copy selection').click());
    expect(copied[2].split('\n')).toHaveLength(500);
    await key(log(), 'Escape');
    expect(host.querySelectorAll('.jp-mod-selected')).toHaveLength(0);
  });

  it('takes the find shortcut where the reader is', async () => {
    await show(many(3));
    await key(log(), 'f', { ctrlKey: true });
    expect(document.activeElement).toBe(host.querySelector('input'));
  });

  it('says so where nothing was said, and shows no markup', async () => {
    await show([]);
    expect(log().textContent).toContain('nothing yet');
    unmount();
    await show([line('<img src=x onerror=alert(1)>')]);
    expect(log().querySelector('img')).toBeNull();
  });
});

describe('the lines of a log', () => {
  it('are those of its entries, each as high as another', () => {
    const entries: Envlink.ILogEntry[] = [
      { ...line('32 packages'), kind: 'phase', phase: 'installing' },
      { ...line(''), kind: 'phase', phase: 'pip' },
      line('one\n\nthree'),
      { ...line('No.\nDo this.'), kind: 'error' }
    ];
    expect(linesOf(entries, trans)).toEqual([
      { kind: 'phase', text: 'Installing packages' },
      { kind: 'line', text: '32 packages' },
      { kind: 'phase', text: 'Installing with pip' },
      { kind: 'line', text: 'one' },
      { kind: 'line', text: '' },
      { kind: 'line', text: 'three' },
      { kind: 'error', text: 'No.' },
      { kind: 'error', text: 'Do this.' }
    ]);
  });

  it('are found whatever their case, and not by nothing', () => {
    const lines = linesOf([line('Solving\nsolved\nother')], trans);
    expect(findIn(lines, 'SOLV')).toEqual([0, 1]);
    expect(findIn(lines, '')).toEqual([]);
    expect(textOf(lines, 1, 2)).toBe('solved\nother');
  });

  it.each([
    ['abcABC', 'bc', ['a', 'bc', 'A', 'BC', '']],
    ['nothing', 'x', ['nothing']],
    ['all', '', ['all']],
    ['İİ x', 'x', ['İİ x']]
  ])('%s is marked where %s is', (text, wanted, parts) => {
    expect(partsOf(text, wanted)).toEqual(parts);
  });
});
