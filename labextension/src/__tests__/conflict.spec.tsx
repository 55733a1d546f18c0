import { Conflict } from '../conflict';
import type { IPlace } from '../lines';
import { marked } from '../lines';
import type { Envlink } from '../tokens';
import { trans } from './server';

import * as React from 'react';
import { createRoot } from 'react-dom/client';
import type { Root } from 'react-dom/client';

(
  globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }
).IS_REACT_ACT_ENVIRONMENT = true;

const TEXT = 'dependencies:\n  - python=3.12\n  - numpy=1.21  # old\n';
const MENDED = TEXT.replace('numpy=1.21', 'numpy');

let host: HTMLElement;
let root: Root;
let used: string[];
let shown: IPlace[];

beforeEach(() => {
  host = document.body.appendChild(document.createElement('div'));
  root = createRoot(host);
  used = [];
  shown = [];
});

afterEach(() => {
  React.act(() => root.unmount());
  host.remove();
});

function cause(line: number | null, message: string): Envlink.ICause {
  return {
    spec: 'numpy=1.21',
    line,
    column: line && 5,
    end_line: line,
    end_column: line && 15,
    message
  };
}

function remedy(
  code: string,
  solves: boolean | null,
  text = MENDED
): Envlink.IRemedy {
  const title = `Do ${code}`;
  return {
    code,
    title,
    explanation: `It does ${code}.`,
    text,
    diff: '',
    solves
  };
}

function show(
  causes: Envlink.ICause[],
  remedies: Envlink.IRemedy[],
  withLinks = true
): void {
  const error = {
    code: 'conflict',
    message: 'These packages do not go together. Line 3 …',
    remedy: '',
    details: { causes, remedies, reasons: 'numpy cannot be installed' }
  };
  React.act(() =>
    root.render(
      <Conflict
        error={error}
        text={TEXT}
        trans={trans}
        onUse={text => used.push(text)}
        onShow={withLinks ? place => shown.push(place) : undefined}
      />
    )
  );
}

function button(name: string): HTMLButtonElement {
  const found = [...host.querySelectorAll('button')].find(
    each => (each.getAttribute('aria-label') ?? each.textContent) === name
  );
  if (!found) {
    throw new Error(`No button ${name} in ${host.innerHTML}`);
  }
  return found;
}

function press(name: string): void {
  React.act(() => button(name).click());
}

const TWO = [cause(2, 'Line 2 asks for it.'), cause(3, 'Line 3 needs it not.')];

describe('Conflict', () => {
  it('shows each line with what it is about marked', () => {
    show([cause(3, 'Line 3 asks for numpy=1.21.')], []);
    const line = host.querySelector('.jp-Envlink-line');
    expect(line?.querySelector('code')?.textContent).toBe(
      '- numpy=1.21  # old'
    );
    expect(line?.querySelector('mark')?.textContent).toBe('numpy=1.21');
    expect(host.textContent).toContain('Line 3 asks for numpy=1.21.');
  });

  it('says in one sentence what several lines say in full', () => {
    show(TWO, []);
    const alert = host.querySelector('[role="alert"]');
    expect(alert?.textContent).toBe('These packages do not go together.');
  });

  it('leads to the lines of the file', () => {
    show(TWO, []);
    press('line 3');
    expect(shown).toEqual([{ line: 3, column: 5, endLine: 3, endColumn: 15 }]);
  });

  it('links no line of a text that is not the file', () => {
    show(TWO, [], false);
    expect(host.querySelector('button')).toBeNull();
    expect(host.querySelector('.jp-Envlink-line')?.textContent).toContain(
      'line 2'
    );
  });

  it('names what has no line', () => {
    show([cause(null, 'envlink adds ipykernel.')], []);
    expect(host.querySelector('.jp-Envlink-line')).toBeNull();
    expect(host.textContent).toContain('envlink adds ipykernel.');
  });

  it('folds many lines, so that what can be done is in sight', () => {
    show(
      [1, 2, 3, 4, 5].map(line => cause(line, `Line ${line}.`)),
      [remedy('works-here', true)]
    );
    const folded = host.querySelector('details');
    expect(folded?.open).toBe(false);
    expect(folded?.querySelector('summary')?.textContent).toContain('(5)');
    expect(folded?.querySelectorAll('li')).toHaveLength(5);
  });

  it('uses a remedy by one press, and shows beside it what it changes', () => {
    show(TWO, [remedy('relax-numpy', true), remedy('relax-builds', false)]);
    expect(button('Do relax-numpy').className).toContain('button-main');
    const [changed] = host.querySelectorAll('.jp-Envlink-remedies details');
    expect((changed as HTMLDetailsElement).open).toBe(false);
    expect(changed.querySelector('del')?.textContent).toBe(
      '-  - numpy=1.21  # old\n'
    );
    expect(changed.querySelector('ins')?.textContent).toBe(
      '+  - numpy  # old\n'
    );
    expect(host.textContent).toContain('It does relax-numpy.');
    expect(used).toEqual([]);
    press('Do relax-numpy');
    expect(used).toEqual([MENDED]);
  });

  it('says which of them is not sure to help', () => {
    show(TWO, [remedy('relax-builds', false), remedy('relax-versions', null)]);
    expect(button('Do relax-builds (not enough by itself)')).toBeTruthy();
    expect(button('Do relax-versions (not tried)')).toBeTruthy();
    expect(
      button('Do relax-builds (not enough by itself)').className
    ).not.toContain('button-main');
  });

  it('keeps the words of the solver', () => {
    show(TWO, []);
    expect(host.querySelector('pre')?.textContent).toBe(
      'numpy cannot be installed'
    );
  });
});

describe('marked', () => {
  it('counts characters, not units', () => {
    const place = { line: 1, column: 3, endLine: 1, endColumn: 4 };
    expect(marked('🐍=x', place)).toEqual(['🐍=', 'x', '']);
  });

  it('ends with the line', () => {
    const place = { line: 2, column: 2, endLine: 3, endColumn: 1 };
    expect(marked('a\r\nbcd\r\ne', place)).toEqual(['b', 'cd', '']);
    expect(marked('a', { ...place, line: 9 })).toEqual(['', '', '']);
  });
});
