import { addUndoCommands } from '../create-view/undo';
import { CommandIDs } from '../ids';
import { dialog, press } from './screen';
import { environment, eventually, FakeServer, plan, trans } from './server';
import { Shown } from './shown';

import type { IMainMenu } from '@jupyterlab/mainmenu';

interface IUndoing {
  id: string;
  isEnabled: () => boolean;
}

const PATH = 'finance/environment.yml';
const TEXT = 'dependencies: [numpy]\n';

let server: FakeServer;
let shown: Shown;

beforeEach(() => {
  server = new FakeServer();
  server.environments = [environment()];
  server.routes['POST envlink/api/plan'] = ({ body }) =>
    plan({ text: String(body?.['text'] ?? TEXT) });
  shown = new Shown(server, { [PATH]: TEXT });
});

afterEach(() => {
  shown.dispose();
  server.restore();
});

async function open(args: object = { path: PATH }) {
  const view = await shown.run(CommandIDs.createEnvironment, args);
  await eventually(() => expect(view.draft.isLoading).toBe(false));
  return shown.main[0];
}

describe('closing a view', () => {
  it('asks nothing where nothing is lost', async () => {
    const widget = await open();
    widget.close();
    await eventually(() => expect(widget.isDisposed).toBe(true));
  });

  it.each([
    ['Cancel', false, TEXT],
    ['Discard', true, TEXT],
    ['Save', true, `${TEXT}# more\n`]
  ])('%s', async (answer, isClosed, kept) => {
    const widget = await open();
    shown.view.draft.text = `${TEXT}# more\n`;
    widget.close();
    await press(await dialog(), answer);
    await eventually(() => {
      expect(document.querySelector('.jp-Dialog')).toBeNull();
      expect(widget.isDisposed).toBe(isClosed);
    });
    expect(shown.files.read(PATH)).toBe(kept);
  });
});

describe('saving', () => {
  it('a text that is no file asks for its path, and never overwrites unasked', async () => {
    await open({ text: TEXT });
    const { draft } = shown.view;
    shown.files.put('mine.yml', 'theirs\n');
    const save = async () => {
      const done = shown.commands.execute(CommandIDs.saveFile);
      const node = await dialog();
      node.querySelector('input')!.value = '/mine.yml';
      await press(node, 'Save');
      return done;
    };
    const first = save();
    await eventually(() =>
      expect(document.querySelector('.jp-Dialog')?.textContent).toContain(
        'There is already a file mine.yml.'
      )
    );
    await press(await dialog(), 'Cancel');
    await first;
    expect(shown.files.read('mine.yml')).toBe('theirs\n');
    expect(draft.path).toBeNull();
    const second = save();
    await eventually(() =>
      expect(document.querySelector('.jp-Dialog')?.textContent).toContain(
        'There is already a file mine.yml.'
      )
    );
    await press(await dialog(), 'Overwrite');
    await second;
    expect(shown.files.read('mine.yml')).toBe(TEXT);
    expect(draft.path).toBe('mine.yml');
    expect(shown.view.title.label).toBe('mine.yml');
  });

  it('is offered only where something is to be saved', async () => {
    await open();
    const isEnabled = () => shown.commands.isEnabled(CommandIDs.saveFile);
    expect(isEnabled()).toBe(false);
    shown.view.draft.text = 'a\n';
    expect(isEnabled()).toBe(true);
    await shown.commands.execute(CommandIDs.saveFile);
    expect(isEnabled()).toBe(false);
    expect(shown.files.read(PATH)).toBe('a\n');
  });
});

describe('the menus', () => {
  const menu = () => {
    const added: { [name: string]: IUndoing[] } = { undo: [], redo: [] };
    const of = (name: string) => ({
      add: (command: IUndoing) => added[name].push(command)
    });
    const undoers = { undo: of('undo'), redo: of('redo') };
    const main = { editMenu: { undoers } } as unknown as IMainMenu;
    const { commands, views } = shown;
    addUndoCommands({ commands, menu: main, trans, views });
    return { undo: added.undo[0], redo: added.redo[0] };
  };

  it('undo and redo in the view in front alone', async () => {
    const { redo, undo } = menu();
    const widget = await open();
    const { draft } = shown.view;
    expect(undo.isEnabled()).toBe(false);
    shown.front = widget;
    expect(undo.isEnabled()).toBe(true);
    expect(shown.commands.isEnabled(undo.id)).toBe(false);
    draft.text = 'a\n';
    await shown.commands.execute(undo.id);
    expect(draft.text).toBe(TEXT);
    expect(shown.commands.isEnabled(undo.id)).toBe(false);
    await shown.commands.execute(redo.id);
    expect(draft.text).toBe('a\n');
    expect(shown.commands.isEnabled(redo.id)).toBe(false);
  });

  it('save what is in front alone', async () => {
    const widget = await open();
    const args = { isMenu: true };
    const isVisible = () => shown.commands.isVisible(CommandIDs.saveFile, args);
    expect(isVisible()).toBe(false);
    shown.front = widget;
    expect(isVisible()).toBe(true);
    expect(shown.commands.isVisible(CommandIDs.saveFile)).toBe(true);
  });
});

describe('what is restored', () => {
  it('is the text that is not saved, the name, and what was begun', async () => {
    await open();
    const { view } = shown;
    expect(view.state).toEqual({
      operation: 'create',
      path: PATH,
      key: view.wish.now.key
    });
    view.draft.text = 'a\n';
    view.wish.set({ name: 'mine', job: 'j' });
    const { state } = view;
    shown.main[0].dispose();
    const again = await shown.run(CommandIDs.openFile, { ...state });
    await eventually(() => expect(again.draft.isLoading).toBe(false));
    expect(again.state).toEqual(state);
    expect(again.draft.isDirty).toBe(true);
  });
});
