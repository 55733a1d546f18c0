import { CommandIDs } from '../ids';
import type { Envlink } from '../tokens';
import { press } from './screen';
import { eventually, FakeServer, INFO, job, plan } from './server';
import { looked, Shown } from './shown';

import { Simulate } from 'react-dom/test-utils';

const PATH = 'finance/environment.yml';
const TEXT = 'dependencies: [python=3.11, numpy, pip: [humanize]]\n';

let server: FakeServer;
let shown: Shown;

beforeEach(() => {
  server = new FakeServer();
});

afterEach(() => {
  shown.dispose();
  server.restore();
});

type Answer = Envlink.IPlan | { status: number; body: unknown };

/** Show a file for which the server answers so, once it has been looked at. */
async function show(
  quick: (request: Envlink.IFileRequest) => Answer,
  solved: () => Answer | Promise<Answer>,
  text = TEXT
): Promise<HTMLElement> {
  server.routes['POST envlink/api/plan'] = ({ body }) => {
    const request = body as unknown as Envlink.IFileRequest;
    return request.solve ? solved() : quick(request);
  };
  shown = new Shown(server, { [PATH]: text });
  const { node } = await shown.run(CommandIDs.createEnvironment, {
    path: PATH
  });
  await looked(node);
  return node;
}

function isCreatable(node: HTMLElement): boolean {
  const button = node.querySelector('.jp-Envlink-start > button');
  return button?.getAttribute('aria-disabled') !== 'true';
}

/** Why nothing can be created. */
function reason(node: HTMLElement): string {
  return node.querySelector('.jp-Envlink-obstacle')?.textContent ?? '';
}

/** The first request to solve, once there is one. */
function solving(): Promise<number> {
  return eventually(() => {
    const index = server.requests.findIndex(each => each.body?.solve);
    expect(index).not.toBe(-1);
    return index;
  });
}

function said(node: HTMLElement): string {
  return node.querySelector('.jp-Envlink-solution')?.textContent ?? '';
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

describe('the view of a file', () => {
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
      const node = await show(
        () => plan({ format, channels }),
        () => plan({ format, channels })
      );
      const kind = node.querySelector('.jp-Envlink-fileKind');
      expect(kind?.textContent).toContain(words);
      expect(said(node).startsWith('uv looks')).toBe(words.includes('virtual'));
      shown.dispose();
    }
  });

  it('shows an archive without a text, and what is in it once it has been read', async () => {
    server.routes['POST envlink/api/plan'] = ({ body }) =>
      plan({
        format: 'conda-pack',
        text: null,
        channels: [],
        ...(body?.['solve'] ? { conda: ['numpy==2=0'], solution } : {})
      });
    shown = new Shown(server, {});
    const { node } = await shown.run(CommandIDs.createEnvironment, {
      path: 'packed/finance.tar.gz'
    });
    await eventually(() => expect(node.textContent).toContain('numpy==2=0'));
    expect(node.querySelector('.cm-editor')).toBeNull();
    expect(isCreatable(node)).toBe(true);
  });

  it('shows the file at once, and the solve when it comes', async () => {
    let answer: (plan: Envlink.IPlan) => void = () => undefined;
    const node = await show(
      () => plan(),
      () => new Promise(resolve => (answer = resolve))
    );
    expect(node.querySelector('form input')).toHaveProperty('value', 'finance');
    await eventually(() => expect(node.textContent).toContain('Solving… 0 s'));
    for (const text of [
      'conda-forge',
      'python=3.11',
      'humanize',
      'ipykernel',
      'The file names no kernel.',
      '/home/me/envs/finance',
      'Asking the channels',
      `jupyter envlink create -f ${PATH} -n finance`
    ]) {
      expect(node.textContent).toContain(text);
    }
    expect(isCreatable(node)).toBe(true);
    answer(plan({ solution }));
    await eventually(() =>
      expect(said(node)).toBe(
        '2 to install. 12.3 MB to download, about 43.0 MB on the disk.'
      )
    );
    expect(node.textContent).not.toContain('Solving…');
    expect(isCreatable(node)).toBe(true);
  });

  it('is stopped while it solves, and solves again', async () => {
    let answer: (plan: Envlink.IPlan) => void = () => undefined;
    const node = await show(
      () => plan(),
      () => new Promise(resolve => (answer = resolve))
    );
    const asked = () => server.requests.findIndex(each => each.body?.solve);
    await press(node, 'Stop');
    expect(server.signals[asked()]?.aborted).toBe(true);
    await eventually(() => expect(said(node)).toContain('it was stopped'));
    expect(isCreatable(node)).toBe(true);
    await press(node, 'Solve again');
    await eventually(() => expect(node.textContent).toContain('Solving…'));
    answer(plan({ solution }));
    await eventually(() => expect(said(node)).toContain('2 to install'));
  });

  it('tells the server when it waits for a solve no more', async () => {
    await show(
      () => plan(),
      () => new Promise(() => undefined)
    );
    const asked = await solving();
    expect(server.signals[asked]?.aborted).toBe(false);
    shown.main[0].dispose();
    expect(server.signals[asked]?.aborted).toBe(true);
  });

  it('asks about what is typed once nobody types, and gives up what it asked before', async () => {
    const node = await show(
      ({ text = TEXT }) => plan({ text }),
      () => new Promise(() => undefined)
    );
    const first = await solving();
    const texts = ['a', 'ab', 'abc'].map(each => `${TEXT}# ${each}\n`);
    for (const text of texts) {
      shown.view.draft.text = text;
    }
    expect(shown.view.title.className).toContain('jp-mod-dirty');
    await eventually(() => expect(isCreatable(node)).toBe(false));
    await eventually(() => expect(isCreatable(node)).toBe(true));
    await eventually(() => expect(server.signals[first]?.aborted).toBe(true));
    const asked = server.asked('POST', /plan/).map(each => each.body);
    expect(asked.map(each => each?.['text'])).toEqual([
      undefined,
      undefined,
      texts[2],
      texts[2]
    ]);
  });

  it('says what a plan has that the one before it had not', async () => {
    let found = solution;
    const node = await show(
      ({ text = TEXT }) => plan({ text }),
      () => plan({ solution: found })
    );
    await eventually(() => expect(said(node)).toContain('2 to install'));
    const news = () => node.querySelector('.jp-Envlink-news')?.textContent;
    expect(news()).toBe('');
    const more = { ...packages[0], name: 'c', version: '3' };
    found = { ...solution, packages: [packages[0], more] };
    shown.view.draft.text = `${TEXT}# more\n`;
    await eventually(() =>
      expect(news()).toBe('Now with c 3. No longer with b 1.')
    );
  });

  it('cannot create from a file with errors, and says where they are', async () => {
    const diagnostic: Envlink.IDiagnostic = {
      code: 'colon',
      severity: 'error',
      line: 2,
      column: 5,
      end_line: 2,
      end_column: 16,
      message: '"python: 3.8" is a mapping, not a package.',
      hint: 'Write "python=3.8".',
      fix: null
    };
    const text = 'dependencies:\n  - python: 3.8\n';
    const node = await show(
      () => plan({ diagnostics: [diagnostic], text }),
      () => plan(),
      text
    );
    const list = node.querySelector('.jp-Envlink-diagnostics')?.textContent;
    expect(list).toContain('Error');
    expect(list).toContain('line 2, column 5');
    expect(list).toContain('"python: 3.8" is a mapping, not a package.');
    expect(list).toContain('Write "python=3.8".');
    await eventually(() => {
      const marked = node.querySelector('.cm-lintRange-error');
      expect(marked?.textContent).toBe('python: 3.8');
    });
    expect(node.querySelector('.cm-lint-marker-error')).not.toBeNull();
    expect(isCreatable(node)).toBe(false);
    expect(reason(node)).toBe('There is 1 error in the file.');
    await eventually(() =>
      expect(document.activeElement?.className).toContain('cm-content')
    );
    expect(server.asked('POST', /plan/)).toHaveLength(1);
  });

  it('shows the error of a file that cannot be read at all, at its place', async () => {
    const node = await show(
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
                line: 1,
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
    expect(node.textContent).toContain('It is not YAML.');
    expect(node.textContent).toContain('Mend it.');
    expect(node.textContent).toContain('line 1, column 1');
    await eventually(() =>
      expect(node.querySelector('.cm-lint-marker-error')).not.toBeNull()
    );
    expect(isCreatable(node)).toBe(false);
  });

  it('asks about a name that is typed, and solves only once', async () => {
    const taken = {
      code: 'conflict',
      message: 'finance exists already.',
      remedy: 'Choose another name.',
      details: {}
    };
    const node = await show(
      ({ name = 'finance' }) =>
        plan(name === 'finance' ? { name_problem: taken } : { name }),
      () => plan({ name_problem: taken, solution })
    );
    const input = node.querySelector<HTMLInputElement>('form input')!;
    expect(node.textContent).toContain('finance exists already.');
    expect(input.getAttribute('aria-invalid')).toBe('true');
    expect(isCreatable(node)).toBe(false);
    Simulate.change(input, { target: { value: 'finance2' } } as never);
    await eventually(() => expect(isCreatable(node)).toBe(true));
    expect(node.textContent).not.toContain('exists already');
    expect(input.value).toBe('finance2');
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
    const node = await show(
      () => plan(),
      () => plan({ conflict })
    );
    await eventually(() =>
      expect(node.textContent).toContain('Nothing provides numpy 99.')
    );
    expect(isCreatable(node)).toBe(false);
  });

  it('says that the channels did not answer', async () => {
    const node = await show(
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
    await eventually(() =>
      expect(node.textContent).toContain('conda-forge does not answer.')
    );
    expect(isCreatable(node)).toBe(false);
  });

  it('says why it was not begun, and that nothing may be changed', async () => {
    server.routes['POST envlink/api/environments'] = () => ({
      status: 409,
      body: { code: 'busy', message: 'It is busy.', remedy: 'Wait.' }
    });
    const node = await show(
      () => plan(),
      () => plan({ solution })
    );
    await press(node, 'Create');
    await eventually(() => expect(node.textContent).toContain('It is busy.'));
    expect(isCreatable(node)).toBe(true);
    shown.dispose();
    server.routes['GET envlink/api/info'] = () => ({
      ...INFO,
      read_only: true
    });
    const other = await show(
      () => plan(),
      () => plan({ solution })
    );
    expect(reason(other)).toContain('allows no changes');
  });

  it('shows how the job goes, and a later one that tries the same', async () => {
    const id = 'second';
    server.routes['POST envlink/api/environments'] = () => {
      server.jobs = [job()];
      return { status: 202, body: job() };
    };
    server.routes['POST envlink/api/jobs/20261123-120000-abcd/retry'] = () => {
      server.jobs = [job({ id }), ...server.jobs];
      return { status: 202, body: job({ id }) };
    };
    const node = await show(
      () => plan(),
      () => plan({ solution })
    );
    await press(node, 'Create');
    const row = () => node.querySelector<HTMLElement>('[data-job]')?.dataset;
    await eventually(() => expect(row()?.['status']).toBe('running'));
    expect(reason(node)).toBe('It is under way.');
    server.jobs = [job({ status: 'failed' })];
    await shown.model.refresh();
    await eventually(() => expect(row()?.['status']).toBe('failed'));
    await shown.model.retry(job().id);
    await eventually(() => expect(row()?.['job']).toBe(id));
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

    function broke(): Promise<HTMLElement> {
      return show(
        ({ text }) => look(text),
        () => plan({ solution }),
        broken
      );
    }

    it('mend one fault at a time, and can be undone', async () => {
      const node = await broke();
      const { draft } = shown.view;
      await press(node, 'Fix: python=3.8');
      expect(draft.text).toBe(broken.replace('python: 3.8', 'python=3.8'));
      await press(node, 'Fix: p>=1');
      const text = 'dependencies:\n  - python=3.8\n  - p>=1\nprefix: /x\n';
      expect(draft.text).toBe(text);
      await eventually(() => expect(isCreatable(node)).toBe(true));
      await eventually(() => {
        const last = server.asked('POST', /plan/).slice(-2);
        expect(last.map(each => each.body)).toEqual([
          { path: PATH, text, solve: false },
          { path: PATH, text, solve: true }
        ]);
      });
      draft.model.sharedModel.undo();
      draft.model.sharedModel.undo();
      expect(draft.text).toBe(broken);
      expect(shown.files.read(PATH)).toBe(broken);
    });

    it('mend all faults at once, and say what a fix without a text does', async () => {
      const node = await broke();
      expect(node.textContent).toContain('Fix: remove it');
      await press(node, 'Fix all');
      await eventually(() =>
        expect(shown.view.draft.text).toBe(
          'dependencies:\n  - python=3.8\n  - p>=1\n'
        )
      );
      await eventually(() => {
        expect(node.querySelector('.jp-Envlink-diagnostics')).toBeNull();
        expect(node.querySelector('.cm-lint-marker')).toBeNull();
      });
    });

    it('are offered at the place, by the keyboard', async () => {
      const node = await broke();
      const key = (target: Element, init: KeyboardEventInit) =>
        target.dispatchEvent(
          new KeyboardEvent('keydown', {
            bubbles: true,
            cancelable: true,
            ...init
          })
        );
      const content = node.querySelector('.cm-content')!;
      await eventually(() => expect(document.activeElement).toBe(content));
      key(content, { key: 'F8', keyCode: 119 });
      const tip = () => document.querySelector('.jp-Envlink-tip');
      await eventually(() => expect(tip()?.textContent).toContain('is wrong.'));
      key(tip()!, { key: 'Escape' });
      expect(tip()).toBeNull();
      key(content, { key: '.', keyCode: 190, ctrlKey: true });
      const label = await eventually(() => {
        const focused = document.activeElement as HTMLElement;
        expect(focused.textContent).toContain('Fix:');
        focused.click();
        return focused.textContent;
      });
      expect(label).toBe('Fix: python=3.8');
      expect(shown.view.draft.text).toContain('python=3.8');
      key(content, { key: 'z', keyCode: 90, ctrlKey: true });
      expect(shown.view.draft.text).toBe(broken);
      key(content, { key: 'Z', keyCode: 90, ctrlKey: true, shiftKey: true });
      expect(shown.view.draft.text).toContain('python=3.8');
    });

    it('of a text that was changed meanwhile do nothing', async () => {
      const node = await broke();
      const { draft } = shown.view;
      draft.text = `# typed\n${broken}`;
      [...node.querySelectorAll('button')]
        .find(each => each.textContent === 'Fix: python=3.8')
        ?.click();
      expect(draft.text).toBe(`# typed\n${broken}`);
    });
  });
});
