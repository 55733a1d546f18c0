import { CreatePreview } from '../create';
import type { ICreation } from '../create';
import type { EnvlinkModel } from '../model';
import type { Envlink } from '../tokens';
import { FakeServer, plan, settle, trans } from './server';

import * as React from 'react';
import { createRoot } from 'react-dom/client';
import type { Root } from 'react-dom/client';
import { Simulate } from 'react-dom/test-utils';

(
  globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }
).IS_REACT_ACT_ENVIRONMENT = true;

const PATH = 'finance/environment.yml';

let server: FakeServer;
let model: EnvlinkModel;
let host: HTMLElement;
let root: Root;
let value: ICreation | null;

beforeEach(async () => {
  server = new FakeServer();
  model = server.model();
  await model.ready;
  host = document.body.appendChild(document.createElement('div'));
  root = createRoot(host);
  value = null;
});

afterEach(() => {
  React.act(() => root.unmount());
  host.remove();
  model.dispose();
  server.restore();
});

type Answer = Envlink.IPlan | { status: number; body: unknown };

/** Show the preview of a file for which the server answers so. */
async function show(
  quick: (request: Envlink.IFileRequest) => Answer,
  solved: () => Answer | Promise<Answer>
): Promise<void> {
  server.routes['POST envlink/api/plan'] = ({ body }) => {
    const request = body as unknown as Envlink.IFileRequest;
    return request.solve ? solved() : quick(request);
  };
  await React.act(async () => {
    root.render(
      <CreatePreview
        model={model}
        path={PATH}
        trans={trans}
        onChange={creation => {
          value = creation;
        }}
      />
    );
  });
  // Once for the file, once more for the solve that follows it.
  await React.act(() => settle(30));
  await React.act(() => settle(30));
}

function isBlocked(): boolean {
  return host.querySelector('.jp-mod-error') !== null;
}

const packages = ['a', 'b'].map(name => ({
  name,
  version: '1',
  build: '0',
  channel: null,
  size: 1_500
}));

const solution: Envlink.ISolution = {
  packages,
  download_bytes: 12_345_678,
  disk_bytes: 43_000_000,
  disk_exact: false,
  pip_stranded: [],
  changes: {
    install: packages,
    upgrade: [],
    downgrade: [],
    rebuild: [],
    remove: [],
    unchanged: 0
  }
};

describe('CreatePreview', () => {
  it('says what kind of file it is, and of what uv makes asks no channel', async () => {
    const kinds: [Envlink.Format, string][] = [
      ['explicit', '@EXPLICIT list'],
      ['conda-lock', 'conda-lock.yml'],
      ['pixi-lock', 'pixi.lock'],
      ['conda-pack', 'Archive of conda-pack'],
      ['requirements', 'a virtual environment'],
      ['pylock', 'a virtual environment']
    ];
    for (const [format, words] of kinds) {
      const channels = words.includes('virtual') ? [] : ['conda-forge'];
      await show(
        () => plan({ format, channels }),
        () => plan({ format, channels })
      );
      const kind = host.querySelector('.jp-Envlink-fileKind');
      expect(kind?.textContent).toContain(words);
      const said = host.querySelector('.jp-Envlink-solution')?.textContent;
      expect(said?.startsWith('uv looks')).toBe(words.includes('virtual'));
      React.act(() => root.unmount());
      root = createRoot(host);
    }
  });

  it('shows what is in an archive once it has been read', async () => {
    await show(
      () => plan({ format: 'conda-pack', conda: [], channels: [] }),
      () => plan({ format: 'conda-pack', conda: ['numpy==2=0'], solution })
    );
    expect(host.textContent).toContain('numpy==2=0');
  });

  it('shows the file at once, and the solve when it comes', async () => {
    let answer: (plan: Envlink.IPlan) => void = () => undefined;
    await show(
      () => plan(),
      () => new Promise(resolve => (answer = resolve))
    );
    expect(host.querySelector('input')?.value).toBe('finance');
    for (const text of [
      'conda-forge',
      'python=3.11',
      'humanize',
      'ipykernel',
      'The file names no kernel.',
      '/home/me/envs/finance',
      'Asking the channels'
    ]) {
      expect(host.textContent).toContain(text);
    }
    expect(value).toEqual({ name: 'finance' });
    await React.act(async () => {
      answer(plan({ solution }));
      await settle();
    });
    expect(host.querySelector('[role=status]')?.textContent).toBe(
      '2 to install. 12.3 MB to download, about 43.0 MB on the disk.'
    );
    expect(value).toEqual({ name: 'finance' });
  });

  it('tells the server when it waits for a solve no more', async () => {
    await show(
      () => plan(),
      () => new Promise(() => undefined)
    );
    const asked = server.requests.findIndex(each => each.body?.solve);
    expect(server.signals[asked]?.aborted).toBe(false);
    React.act(() => root.render(null));
    expect(server.signals[asked]?.aborted).toBe(true);
  });

  it('cannot create from a file with errors, and says where they are', async () => {
    const diagnostic: Envlink.IDiagnostic = {
      code: 'colon',
      severity: 'error',
      line: 4,
      column: 5,
      end_line: 4,
      end_column: 16,
      message: '"python: 3.8" is a mapping, not a package.',
      hint: 'Write "python=3.8".',
      fix: {
        line: 4,
        column: 5,
        end_line: 4,
        end_column: 16,
        text: 'python=3.8'
      }
    };
    await show(
      () => plan({ diagnostics: [diagnostic] }),
      () => plan()
    );
    const said = host.querySelector('.jp-Envlink-diagnostics')?.textContent;
    expect(said).toContain('Error');
    expect(said).toContain('line 4, column 5');
    expect(said).toContain('"python: 3.8" is a mapping, not a package.');
    expect(said).toContain('Write "python=3.8".');
    expect(isBlocked()).toBe(true);
    expect(value).toBeNull();
    expect(server.asked('POST', /plan/)).toHaveLength(1);
  });

  it('shows the error of a file that cannot be read at all', async () => {
    await show(
      () => ({
        status: 400,
        body: {
          code: 'invalid-file',
          message: 'It is not YAML.',
          remedy: 'Mend it.',
          details: {
            diagnostics: [
              {
                severity: 'error',
                line: 2,
                column: 1,
                message: 'tab',
                hint: ''
              }
            ]
          }
        }
      }),
      () => plan()
    );
    expect(host.textContent).toContain('It is not YAML.');
    expect(host.textContent).toContain('Mend it.');
    expect(host.textContent).toContain('line 2, column 1');
    expect(value).toBeNull();
  });

  it('asks about a name that is typed, and solves only once', async () => {
    const taken = {
      code: 'conflict',
      message: 'finance exists already.',
      remedy: 'Choose another name.',
      details: {}
    };
    await show(
      ({ name = 'finance' }) =>
        plan(name === 'finance' ? { name_problem: taken } : { name }),
      () => plan({ name_problem: taken, solution })
    );
    expect(host.textContent).toContain('finance exists already.');
    expect(host.querySelector('input')?.getAttribute('aria-invalid')).toBe(
      'true'
    );
    expect(value).toBeNull();
    const input = host.querySelector('input') as HTMLInputElement;
    await React.act(async () => {
      Simulate.change(input, {
        target: { value: 'finance2' }
      } as never);
    });
    await React.act(() => settle(400));
    expect(host.textContent).not.toContain('exists already');
    expect(value).toEqual({ name: 'finance2' });
    const asked = server.asked('POST', /plan/).map(each => each.body);
    expect(asked).toEqual([
      { path: PATH, solve: false },
      { path: PATH, solve: true },
      { path: PATH, name: 'finance2', solve: false }
    ]);
  });

  it('cannot create what cannot be solved', async () => {
    const conflict = {
      code: 'unsolvable',
      message: 'Nothing provides numpy 99.',
      remedy: 'Ask for a version that exists.',
      details: {}
    };
    await show(
      () => plan(),
      () => plan({ conflict })
    );
    expect(host.textContent).toContain('Nothing provides numpy 99.');
    expect(value).toBeNull();
  });

  it('says that the channels did not answer', async () => {
    await show(
      () => plan(),
      () => ({
        status: 502,
        body: {
          code: 'channel-error',
          message: 'conda-forge does not answer.',
          remedy: 'Check the network.',
          details: {}
        }
      })
    );
    expect(host.textContent).toContain('conda-forge does not answer.');
    expect(value).toBeNull();
  });

  describe('fixes', () => {
    const broken = 'dependencies:\n  - python: 3.8\n  - p=>1\nprefix: /x\n';

    /** A server that knows these faults, and mends one that another hides only when that is gone. */
    function look(text = broken): Envlink.IPlan {
      const found = (
        [
          ['python: 3.8', 'python=3.8', 'error'],
          ['p=>1', 'p>=1', 'error'],
          ['prefix: /x\n', '', 'warning']
        ] as const
      )
        .filter(([bad]) => text.includes(bad))
        .map(([bad, better, severity]): Envlink.IDiagnostic => {
          const before = text.slice(0, text.indexOf(bad)).split('\n');
          const line = before.length;
          const column = before[line - 1].length + 1;
          const isLine = bad.endsWith('\n');
          const place = {
            line,
            column,
            end_line: isLine ? line + 1 : line,
            end_column: isLine ? 1 : column + bad.length
          };
          return {
            ...place,
            code: 'fault',
            severity,
            message: `${bad.trim()} is wrong.`,
            hint: null,
            fix: { ...place, text: better }
          };
        });
      return plan({ text, diagnostics: found });
    }

    function press(label: string): HTMLButtonElement {
      const button = [...host.querySelectorAll('button')].find(
        each => each.textContent === label
      );
      expect(button?.getAttribute('aria-label')).toContain(label);
      React.act(() => button?.click());
      return button as HTMLButtonElement;
    }

    it('mends one fault, shows what changed, and creates from the changed text', async () => {
      await show(
        ({ text }) => look(text),
        () => plan({ solution })
      );
      expect(value).toBeNull();
      press('Fix: python=3.8');
      expect(value).toBeNull();
      await React.act(() => settle(30));
      expect(host.querySelector('.jp-Envlink-changed')?.textContent).toContain(
        '-  - python: 3.8\n+  - python=3.8'
      );
      expect(value).toBeNull();
      press('Fix: p>=1');
      await React.act(() => settle(30));
      await React.act(() => settle(30));
      const text = 'dependencies:\n  - python=3.8\n  - p>=1\nprefix: /x\n';
      expect(value).toEqual({ name: 'finance', text });
      const last = server.asked('POST', /plan/).slice(-2);
      expect(last.map(each => each.body)).toEqual([
        { path: PATH, text, solve: false },
        { path: PATH, text, solve: true }
      ]);
      press('Undo');
      await React.act(() => settle(30));
      expect(host.querySelector('.jp-Envlink-changed')).toBeNull();
      expect(value).toBeNull();
    });

    it('mends all faults at once, and says what a fix without a text does', async () => {
      await show(
        ({ text }) => look(text),
        () => plan({ solution })
      );
      expect(host.textContent).toContain('Fix: remove it');
      press('Fix all');
      await React.act(() => settle(60));
      await React.act(() => settle(30));
      expect(value?.text).toBe('dependencies:\n  - python=3.8\n  - p>=1\n');
      expect(host.querySelector('.jp-Envlink-diagnostics')).toBeNull();
    });

    it('keeps the focus when the button that has it goes', async () => {
      await show(
        ({ text }) => look(text),
        () => plan({ solution })
      );
      press('Fix: python=3.8').focus();
      await React.act(() => settle(30));
      expect(host.textContent).not.toContain('Fix: python=3.8');
      expect(host.contains(document.activeElement)).toBe(true);
      const undo = [...host.querySelectorAll('button')].find(
        each => each.textContent === 'Undo'
      );
      undo?.focus();
      React.act(() => undo?.click());
      expect(host.contains(document.activeElement)).toBe(true);
    });

    it('cannot be pressed twice before there is an answer', async () => {
      await show(
        ({ text }) => look(text),
        () => plan({ solution })
      );
      press('Fix: python=3.8');
      const waiting = press('Fix: p>=1');
      expect(waiting.getAttribute('aria-disabled')).toBe('true');
      await React.act(() => settle(30));
      expect(
        host.querySelector('.jp-Envlink-changed')?.textContent
      ).not.toContain('p>=1');
    });
  });
});
