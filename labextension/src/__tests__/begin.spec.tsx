import { Beginner } from '../begin/beginner';
import { addBeginCommand } from '../begin/commands';
import { DropTarget } from '../begin/drop-target';
import { textOf } from '../begin/dropped';
import { takeFiles, takePaths } from '../begin/dropping';
import { editorButton } from '../begin/editor-button';
import { springOpen } from '../begin/spring';
import { BeginView } from '../begin/view';
import type { Way } from '../begin/ways';
import { WAYS } from '../begin/ways';
import type { BeginWidget } from '../begin/widget';
import { channelsOf, minors, specsOf } from '../begin/wish';
import { EnvlinkError } from '../error';
import { isEnvironmentFile } from '../files';
import { CommandIDs } from '../ids';
import type { EnvlinkModel } from '../model';
import type { Envlink } from '../tokens';
import { FakeServer, environment, eventually, settle, trans } from './server';

import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Dialog, WidgetTracker } from '@jupyterlab/apputils';
import type { IDocumentWidget } from '@jupyterlab/docregistry';
import type { Contents } from '@jupyterlab/services';

import { CommandRegistry } from '@lumino/commands';
import type { JSONObject } from '@lumino/coreutils';
import { MimeData } from '@lumino/coreutils';
import { Signal } from '@lumino/signaling';
import { TabPanel, Widget } from '@lumino/widgets';

import * as React from 'react';
import { createRoot } from 'react-dom/client';
import type { Root } from 'react-dom/client';
import { Simulate } from 'react-dom/test-utils';

(
  globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }
).IS_REACT_ACT_ENVIRONMENT = true;

let commands: CommandRegistry;
let executed: [string, JSONObject][];
let host: HTMLElement;
let model: EnvlinkModel;
let root: Root;
let server: FakeServer;

beforeAll(() => {
  Element.prototype.scrollIntoView = () => undefined; // jsdom lays nothing out
});

beforeEach(async () => {
  server = new FakeServer();
  server.environments = [
    environment({ id: '0123456789ab', name: 'finance', prefix: '/e/finance' })
  ];
  model = server.model();
  await model.ready;
  commands = new CommandRegistry();
  executed = [];
  for (const id of [CommandIDs.createEnvironment, CommandIDs.clone]) {
    commands.addCommand(id, {
      execute: args => void executed.push([id, args as JSONObject])
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
  Dialog.flush();
});

function file(name: string, content: string | number[]): File {
  const bytes =
    typeof content === 'string'
      ? new TextEncoder().encode(content)
      : new Uint8Array(content);
  const arrayBuffer = async () => bytes.buffer;
  return { name, size: bytes.length, arrayBuffer } as unknown as File;
}

describe('isEnvironmentFile', () => {
  it.each([
    'environment.yml',
    'a/b/anything.yaml',
    'requirements.txt',
    'requirements-dev.in',
    'requirements/base.txt',
    'dev-requirements.txt',
    'environment.txt',
    'a/env-linux.txt',
    'reqs.txt',
    'deps.txt',
    'pip-freeze.txt',
    'spec-file.txt',
    'explicit.txt',
    'package-list.txt',
    'conda-linux-64.lock',
    'pixi.lock',
    'a/pixi.lock',
    'pylock.toml',
    'pylock.dev.toml',
    'pyproject.toml',
    'packed.tar.gz',
    'packed.tar.zst',
    'packed.zip'
  ])('takes %s', path => expect(isEnvironmentFile(path)).toBe(true));

  it.each([
    'notes.txt',
    'inventory.txt',
    'environmental.txt',
    'x/base.txt',
    'table.csv',
    'poetry.toml',
    'uv.lock',
    'notebook.ipynb'
  ])('does not take %s', path => expect(isEnvironmentFile(path)).toBe(false));
});

describe('a list of packages', () => {
  it('is written with Python first', () => {
    const wanted = [
      { spec: 'numpy', version: '2.1', versions: [], problem: '' },
      { spec: 'pandas>=2', version: '', versions: [], problem: '' }
    ];
    expect(specsOf('3.12', wanted)).toEqual([
      'python=3.12',
      'numpy=2.1',
      'pandas>=2'
    ]);
    expect(specsOf('', [])).toEqual(['python']);
    expect(specsOf(null, wanted.slice(1))).toEqual(['pandas>=2']);
  });

  it('knows versions of Python by two numbers, and channels however they are apart', () => {
    expect(minors(['3.12.1', '3.12.0', '3.11.7', '4'])).toEqual([
      '3.12',
      '3.11',
      '4'
    ]);
    expect(channelsOf(' conda-forge, bioconda  x,')).toEqual([
      'conda-forge',
      'bioconda',
      'x'
    ]);
  });
});

describe('a file that is dropped', () => {
  it('is read as UTF-8, or UTF-16 with its mark', async () => {
    expect(await textOf(file('a.yml', 'name: é\n'), trans)).toEqual({
      filename: 'a.yml',
      text: 'name: é\n'
    });
    const marked = file('a.yml', [0xff, 0xfe, 0x61, 0]);
    expect((await textOf(marked, trans)).text).toBe('a');
  });

  it.each([
    ['not-text', file('a.yml', [0x89, 0x50, 0xff])],
    ['not-text', file('a.yml', [0x61, 0])],
    ['too-large', { ...file('a.yml', 'a'), size: 17 * 1024 * 1024 } as File],
    [
      'unreadable',
      {
        ...file('folder', ''),
        arrayBuffer: () => Promise.reject(new Error('no file'))
      } as File
    ]
  ])('is refused: %s', async (code, dropped) => {
    const refusal = textOf(dropped, trans);
    await expect(refusal).rejects.toBeInstanceOf(EnvlinkError);
    await refusal.catch((error: EnvlinkError) => {
      expect(error.code).toBe(code);
      expect(error.message).toContain(dropped.name);
      expect(error.remedy).not.toBe('');
    });
  });

  const options = () => ({
    begin: new Beginner(commands),
    browsers: null,
    contents: {
      localPath: (path: string) => path.replace(/^.*:/, '')
    } as Contents.IManager,
    trans
  });

  it('is where an environment begins, one after the other; a refusal is shown', async () => {
    const taken = takeFiles(
      [
        file('environment.yml', 'name: one\n'),
        file('packed.tar.gz', [1, 2]),
        file('requirements.txt', 'numpy\n')
      ],
      options()
    );
    const dialog = await eventually(() => {
      const found = document.querySelector('.jp-Dialog');
      expect(found?.textContent).toContain('packed.tar.gz is an archive');
      return found as HTMLElement;
    });
    expect(executed).toHaveLength(1);
    dialog.querySelector<HTMLElement>('.jp-mod-accept')?.click();
    await taken;
    expect(executed).toEqual([
      [
        CommandIDs.createEnvironment,
        { text: 'name: one\n', filename: 'environment.yml' }
      ],
      [
        CommandIDs.createEnvironment,
        { text: 'numpy\n', filename: 'requirements.txt' }
      ]
    ]);
  });

  it('may be one of the server', async () => {
    await takePaths(['drive:a/environment.yml', 'a/notes.txt'], options());
    expect(executed).toEqual([
      [CommandIDs.createEnvironment, { path: 'a/environment.yml' }]
    ]);
  });
});

describe('DropTarget', () => {
  let widget: Widget;
  const files = jest.fn(async () => undefined);
  const paths = jest.fn(async () => undefined);

  beforeEach(() => {
    files.mockClear();
    paths.mockClear();
    widget = new Widget();
    Widget.attach(widget, document.body);
    new DropTarget(widget, {
      files,
      paths,
      isWanted: all => all.some(isEnvironmentFile),
      trans
    });
  });

  afterEach(() => widget.dispose());

  const sign = () => widget.node.querySelector('[role=status]')?.textContent;

  function fire(type: string, more: object): Event {
    const event = new Event(type, { bubbles: true, cancelable: true });
    widget.node.dispatchEvent(Object.assign(event, more));
    return event;
  }

  it('shows and says that it takes files, until they leave', () => {
    const dataTransfer = { types: ['Files'], files: [file('a.yml', '')] };
    const over = fire('dragover', { dataTransfer });
    expect(over.defaultPrevented).toBe(true);
    expect(sign()).toContain('Drop it');
    fire('dragleave', { relatedTarget: widget.node.firstChild });
    expect(sign()).toContain('Drop it');
    fire('dragleave', { relatedTarget: null });
    expect(sign()).toBe('');
    fire('drop', { dataTransfer });
    expect(files).toHaveBeenCalledWith(dataTransfer.files);
  });

  it('does not take texts, nor files that are of no use', () => {
    const text = fire('dragover', {
      dataTransfer: { types: ['text/plain'], files: [] }
    });
    expect(text.defaultPrevented).toBe(false);
    const mimeData = new MimeData();
    mimeData.setData('application/x-jupyter-icontents', ['a/notes.txt']);
    expect(fire('lm-dragenter', { mimeData }).defaultPrevented).toBe(false);
    fire('lm-drop', { mimeData });
    expect(sign()).toBe('');
    expect(paths).not.toHaveBeenCalled();
  });

  it('takes files of the file browser', () => {
    const mimeData = new MimeData();
    mimeData.setData('application/x-jupyter-icontents', ['a/environment.yml']);
    const more = { mimeData, proposedAction: 'move', dropAction: 'none' };
    const over = fire('lm-dragenter', more) as Event & typeof more;
    expect(over.dropAction).toBe('move');
    expect(sign()).toContain('Drop it');
    fire('lm-drop', more);
    expect(paths).toHaveBeenCalledWith(['a/environment.yml']);
    expect(sign()).toBe('');
  });

  it('is opened by a file that is held over its tab', async () => {
    const open = jest.fn();
    springOpen('the-panel', open);
    const tab = document.body.appendChild(document.createElement('li'));
    tab.dataset.id = 'the-panel';
    const enter = (target: Element) =>
      target.dispatchEvent(new Event('lm-dragenter', { bubbles: true }));
    enter(tab);
    enter(document.body);
    await settle(500);
    expect(open).toHaveBeenCalledTimes(1);
    enter(tab);
    enter(host);
    await settle(500);
    expect(open).toHaveBeenCalledTimes(1);
    tab.remove();
  });
});

describe('BeginView', () => {
  let done: jest.Mock;
  const python: Envlink.IPackageVersions = {
    name: 'python',
    versions: ['3.12.1', '3.11.7'],
    summary: null,
    channel: 'https://conda.anaconda.org/conda-forge',
    channels: []
  };
  const channel: Envlink.ISearchedChannel = {
    url: 'https://conda.anaconda.org/conda-forge',
    name: 'conda-forge',
    age: null,
    problem: null
  };

  function View(props: { way: Way }): JSX.Element {
    const [way, setWay] = React.useState(props.way);
    return (
      <BeginView
        begin={new Beginner(commands)}
        chooseFile={async () => 'a/environment.yml'}
        done={done}
        model={model}
        onWay={setWay}
        trans={trans}
        way={way}
      />
    );
  }

  async function show(way: Way): Promise<void> {
    await React.act(async () => root.render(<View way={way} />));
    await React.act(() => settle(10));
  }

  const panel = () =>
    host.querySelector('[role=tabpanel]:not([hidden])') as HTMLElement;
  const field = (label: string) => {
    const found = [...panel().querySelectorAll('label')].find(
      each => each.textContent === label
    );
    return host.querySelector(`#${found?.htmlFor}`) as HTMLInputElement;
  };
  const type = async (label: string, value: string) => {
    await React.act(async () => {
      Simulate.change(field(label), { target: { value } } as never);
    });
  };
  const submit = async () => {
    await React.act(async () => {
      Simulate.submit(panel().querySelector('form') as HTMLElement);
      await settle(10);
    });
  };

  beforeEach(() => {
    done = jest.fn();
    jest.spyOn(model, 'package').mockImplementation(async name => {
      if (name === 'none') {
        const message = 'No channel has a package none.';
        throw new EnvlinkError({
          code: 'not-found',
          message,
          remedy: '',
          details: {}
        });
      }
      return { ...python, name };
    });
    jest.spyOn(model, 'packages').mockImplementation(async query => ({
      packages: query
        ? ['numpy', 'numpydoc'].map(name => ({
            name,
            version: '2.1',
            summary: name === 'numpy' ? 'Arrays.' : null,
            channel: channel.url
          }))
        : [],
      total: query ? 7 : 0,
      channels: [channel]
    }));
  });

  it('is gone through with the arrow keys', async () => {
    await show('packages');
    const selected = () =>
      host.querySelector<HTMLElement>('[aria-selected=true]')?.dataset.way;
    const list = host.querySelector('[role=tablist]') as HTMLElement;
    for (const [key, way] of [
      ['ArrowDown', WAYS[1]],
      ['ArrowUp', WAYS[0]],
      ['ArrowUp', WAYS[WAYS.length - 1]],
      ['Home', WAYS[0]],
      ['End', WAYS[WAYS.length - 1]],
      ['x', WAYS[WAYS.length - 1]]
    ]) {
      React.act(() => Simulate.keyDown(list, { key }));
      expect(selected()).toBe(way);
    }
    expect(
      [...host.querySelectorAll('[role=tab]')].filter(
        each => (each as HTMLElement).tabIndex === 0
      )
    ).toHaveLength(1);
  });

  it('goes on with a pasted text', async () => {
    await show('paste');
    await submit();
    expect(executed).toEqual([]);
    await type('Text of the file', 'name: x\n');
    await submit();
    expect(executed).toEqual([
      [CommandIDs.createEnvironment, { text: 'name: x\n' }]
    ]);
    expect(done).toHaveBeenCalled();
  });

  it('shows why an address gives no file, until another is typed', async () => {
    await show('url');
    server.routes['POST envlink/api/fetch'] = ({ body }) =>
      body?.url === 'https://x/good.yml'
        ? { url: body.url, filename: 'good.yml', text: 'name: x\n' }
        : {
            status: 502,
            body: {
              code: 'fetch-not-found',
              message: 'x has no file there (404).',
              remedy: 'Look at the address.',
              details: {}
            }
          };
    await type('Address of the file', 'https://x/none.yml');
    await submit();
    const alert = () => panel().querySelector('[role=alert]')?.textContent;
    expect(alert()).toContain('x has no file there (404).');
    expect(alert()).toContain('Look at the address.');
    expect(done).not.toHaveBeenCalled();
    await type('Address of the file', 'https://x/good.yml');
    expect(alert()).toBeUndefined();
    await submit();
    expect(executed).toEqual([
      [
        CommandIDs.createEnvironment,
        { text: 'name: x\n', filename: 'good.yml' }
      ]
    ]);
  });

  it('goes on with a file that is chosen', async () => {
    await show('file');
    await React.act(async () => {
      panel().querySelector<HTMLElement>('button[type=button]')?.click();
      await settle();
    });
    expect(field('Path of the file').value).toBe('a/environment.yml');
    await submit();
    expect(executed).toEqual([
      [CommandIDs.createEnvironment, { path: 'a/environment.yml' }]
    ]);
  });

  it('clones an environment, or begins with its export', async () => {
    await show('existing');
    server.environments[0].exports = ['yml-no-builds'];
    await submit();
    expect(executed).toEqual([[CommandIDs.clone, { id: '0123456789ab' }]]);
    jest.spyOn(model, 'export').mockResolvedValue({
      format: 'yml-no-builds',
      filename: 'environment.yml',
      text: 'name: finance\n'
    });
    await React.act(() => model.refresh());
    await React.act(async () =>
      Simulate.change(
        panel().querySelector('[value=yml-no-builds]') as HTMLElement
      )
    );
    await submit();
    expect(executed[1]).toEqual([
      CommandIDs.createEnvironment,
      { text: 'name: finance\n', filename: 'environment.yml' }
    ]);
  });

  describe('of packages', () => {
    const combobox = () =>
      host.querySelector('[role=combobox]') as HTMLInputElement;
    const press = (key: string) =>
      React.act(() => Simulate.keyDown(combobox(), { key }));
    const look = async (value: string) => {
      await type('Add a package', value);
      await React.act(() => settle(200));
    };

    it('completes by the keyboard, as ARIA describes it', async () => {
      await show('packages');
      await look('nump');
      expect(combobox().getAttribute('aria-expanded')).toBe('true');
      expect(panel().textContent).toContain(
        '7 packages, the first 2 are shown.'
      );
      expect(combobox().getAttribute('aria-activedescendant')).toBeNull();
      press('ArrowDown');
      const active = combobox().getAttribute('aria-activedescendant');
      const option = document.getElementById(active ?? '');
      expect(option?.textContent).toBe('numpy 2.1Arrays.');
      expect(option?.getAttribute('aria-selected')).toBe('true');
      press('ArrowUp');
      expect(combobox().getAttribute('aria-activedescendant')).toBeNull();
      press('Escape');
      expect(combobox().getAttribute('aria-expanded')).toBe('false');
      press('ArrowUp');
      press('Enter');
      expect(combobox().value).toBe('');
      expect(panel().querySelector('[data-package=numpydoc]')).not.toBeNull();
    });

    it('composes the file on the server', async () => {
      const asked: unknown[] = [];
      server.routes['POST envlink/api/compose'] = ({ body }) => {
        asked.push(body);
        return { filename: 'environment.yml', text: 'dependencies: []\n' };
      };
      await show('packages');
      await look('numpy');
      press('Enter');
      await React.act(() => settle(10));
      await look('pandas>=2');
      press('Enter');
      await React.act(async () => {
        const select = panel().querySelector(
          '[aria-label="Version of numpy"]'
        ) as HTMLElement;
        Simulate.change(select, { target: { value: '3.11.7' } } as never);
      });
      await type('Python', '3.12');
      await type('Name', 'chosen');
      await submit();
      expect(asked).toEqual([
        {
          name: 'chosen',
          channels: ['conda-forge'],
          packages: ['python=3.12', 'numpy=3.11.7', 'pandas>=2']
        }
      ]);
      expect(executed).toEqual([
        [
          CommandIDs.createEnvironment,
          { text: 'dependencies: []\n', filename: 'environment.yml' }
        ]
      ]);
    });

    it('says of a package that no channel has it, and lets it be removed', async () => {
      await show('packages');
      await look('none');
      press('Enter');
      await React.act(() => settle(10));
      expect(panel().textContent).toContain('No channel has a package none.');
      await React.act(async () =>
        panel()
          .querySelector<HTMLElement>('[aria-label="Remove none"]')
          ?.click()
      );
      expect(panel().textContent).not.toContain('No channel has');
    });

    it('says how old what is known of a silent channel is', async () => {
      const problem = {
        code: 'unreachable',
        message: 'A channel does not answer.',
        remedy: '',
        details: {}
      };
      jest.spyOn(model, 'packages').mockResolvedValue({
        packages: [],
        total: 0,
        channels: [{ ...channel, age: 7200, problem }]
      });
      await show('packages');
      const said = panel().querySelector('[role=alert]')?.textContent;
      expect(said).toContain('A channel does not answer.');
      expect(said).toMatch(/What it had at .+ is shown\./);
    });

    it('asks channels that are typed once they are there, and writes all into the file', async () => {
      const searched = jest.spyOn(model, 'packages');
      const asked: unknown[] = [];
      server.routes['POST envlink/api/compose'] = ({ body }) => {
        asked.push(body?.channels);
        return { filename: 'environment.yml', text: 'dependencies: []\n' };
      };
      await show('packages');
      await type('Channels', 'bio');
      await type('Channels', 'bioconda');
      for (
        let tries = 0;
        tries < 50 && searched.mock.calls.length < 2;
        tries++
      ) {
        await React.act(() => settle(100));
      }
      const typed = searched.mock.calls.map(([, channels]) => channels);
      expect(typed).toEqual([[], ['bioconda']]);
      await submit();
      await type('Channels', 'bioconda, nodefaults');
      await submit();
      expect(asked).toEqual([
        ['bioconda', 'conda-forge'],
        ['bioconda', 'nodefaults']
      ]);
    });

    it('gives up a search that nobody waits for any more', async () => {
      const signals: AbortSignal[] = [];
      jest.spyOn(model, 'packages').mockImplementation((_, __, signal) => {
        signals.push(signal as AbortSignal);
        return new Promise(() => undefined);
      });
      await show('packages');
      await look('n');
      await look('nu');
      expect(signals.map(each => each.aborted)).toEqual([true, true, false]);
    });
  });
});

describe('the command', () => {
  /** A page whose main area is as `main` says; `shown` is what came there. */
  function add(
    main: 'dock' | 'tabs' | 'document'
  ): [WidgetTracker<BeginWidget>, Widget[]] {
    const shown: Widget[] = [];
    const tabs = new TabPanel();
    const shell = {
      activateById: () => undefined,
      add: (widget: Widget, area: string) => {
        if (main === 'dock' || area === 'down') {
          shown.push(widget);
          Widget.attach(widget, document.body);
        }
      },
      widgets: () => [main === 'tabs' ? tabs : new Widget()][Symbol.iterator]()
    };
    const tracker = new WidgetTracker<BeginWidget>({ namespace: 'begin' });
    addBeginCommand({
      app: { commands, shell } as unknown as JupyterFrontEnd,
      begin: new Beginner(commands),
      chooseFile: async () => '',
      model,
      tracker,
      trans
    });
    return [tracker, main === 'tabs' ? (tabs.widgets as Widget[]) : shown];
  }

  beforeEach(() => {
    const silence = new EnvlinkError({
      code: 'unreachable',
      message: 'A channel does not answer.',
      remedy: '',
      details: {}
    });
    jest.spyOn(model, 'package').mockRejectedValue(silence);
    jest.spyOn(model, 'packages').mockRejectedValue(silence);
  });

  const run = (args = {}) =>
    React.act(() => commands.execute(CommandIDs.newEnvironment, args));

  it('shows one view, and a way that is asked for', async () => {
    const [tracker, shown] = add('dock');
    await run();
    await run({ way: 'url' });
    await run({ way: 'no such way' });
    expect(shown).toHaveLength(1);
    expect(tracker.find(() => true)?.content.way).toBe('url');
    React.act(() => shown[0].dispose());
    await run();
    expect(shown).toHaveLength(2);
    React.act(() => shown[1].dispose());
  });

  it('shows it among tabs', async () => {
    const [, shown] = add('tabs');
    await run();
    expect(shown).toHaveLength(1);
    React.act(() => shown[0].dispose());
  });

  it('shows it below a document', async () => {
    const [, shown] = add('document');
    await run();
    expect(shown).toHaveLength(1);
    React.act(() => shown[0].dispose());
  });
});

describe('the button of an editor', () => {
  const shown = async (
    path: string,
    codes: string[] | null
  ): Promise<{ isHidden: boolean; asked: number }> => {
    server.requests.length = 0;
    server.routes['POST envlink/api/check'] = () =>
      codes === null
        ? { status: 500, body: { message: 'no' } }
        : { files: [{ diagnostics: codes.map(code => ({ code })) }] };
    const document = editor(path, false);
    const button = editorButton(document, { commands, model, trans });
    await settle(10);
    const { isHidden } = button;
    React.act(() => button.dispose());
    return { isHidden, asked: server.asked('POST', /check/).length };
  };

  function editor(path: string, dirty: boolean): IDocumentWidget {
    const context = {
      localPath: path,
      ready: Promise.resolve(),
      model: { dirty, toString: () => 'name: not saved\n' },
      pathChanged: new Signal({}),
      saveState: new Signal({})
    };
    return { context } as unknown as IDocumentWidget;
  }

  it('is there for environment files, and asks about other YAML', async () => {
    for (const [path, codes, isHidden, asked] of [
      ['a/environment.yml', [], false, 0],
      ['a/environment-dev.yaml', [], false, 0],
      ['requirements.txt', [], false, 0],
      ['a/notes.txt', [], true, 0],
      ['a/script.py', [], true, 0],
      ['a/other.yml', [], false, 1],
      ['a/other.yml', ['name-missing'], false, 1],
      ['a/compose.yml', ['other-format'], true, 1],
      ['a/_config.yml', ['dependencies-missing'], true, 1],
      ['a/other.yml', null, false, 1]
    ] as const) {
      expect([path, await shown(path, codes && [...codes])]).toEqual([
        path,
        { isHidden, asked }
      ]);
    }
  });

  it('takes what is not saved yet', async () => {
    for (const dirty of [false, true]) {
      const opened = editor('a/environment.yml', dirty);
      const button = editorButton(opened, { commands, model, trans });
      await React.act(async () => Widget.attach(button, document.body));
      button.node
        .querySelector<HTMLElement>('.jp-ToolbarButtonComponent')
        ?.click();
      React.act(() => button.dispose());
    }
    expect(executed).toEqual([
      [CommandIDs.createEnvironment, { path: 'a/environment.yml' }],
      [
        CommandIDs.createEnvironment,
        { path: 'a/environment.yml', text: 'name: not saved\n' }
      ]
    ]);
  });
});
