import { Draft } from '../create-view/draft';
import { FakeFiles } from './files';

const PATH = 'finance/environment.yml';

let files: FakeFiles;
let draft: Draft;

async function open(text: string, beginning?: string): Promise<void> {
  files = new FakeFiles({ [PATH]: text });
  draft = new Draft(files.manager, PATH, beginning);
  await draft.load();
}

afterEach(() => draft.dispose());

describe('Draft', () => {
  it('is what the file holds, until it is changed', async () => {
    await open('a\nb\n');
    expect([draft.text, draft.isDirty, draft.edited]).toEqual([
      'a\nb\n',
      false,
      null
    ]);
    draft.text = 'a\nc\n';
    expect([draft.isDirty, draft.edited]).toEqual([true, 'a\nc\n']);
    draft.model.sharedModel.undo();
    expect([draft.text, draft.isDirty]).toEqual(['a\nb\n', false]);
  });

  it('keeps how the file began and ended its lines', async () => {
    await open('\ufeffa\r\nb\r\n');
    expect(draft.text).toBe('a\nb\n');
    expect(draft.isDirty).toBe(false);
    draft.text = 'a\nc\n';
    expect(await draft.save()).toBe(true);
    expect(files.read(PATH)).toBe('\ufeffa\r\nc\r\n');
    expect(draft.isDirty).toBe(false);
  });

  it('never cuts a character in two', async () => {
    await open('# 🐍\n');
    draft.text = '# 🐙\n';
    expect(draft.text).toBe('# 🐙\n');
    draft.text = '# 🐍🐙\n';
    expect(draft.text).toBe('# 🐍🐙\n');
  });

  it('does not overwrite what somebody else has written', async () => {
    await open('a\n');
    draft.text = 'mine\n';
    files.put(PATH, 'theirs\n');
    expect(await draft.save()).toBe(false);
    expect(draft.isOutdated).toBe(true);
    expect(files.read(PATH)).toBe('theirs\n');
    expect(await draft.save(true)).toBe(true);
    expect(draft.isOutdated).toBe(false);
    expect(files.read(PATH)).toBe('mine\n');
    files.put(PATH, 'theirs again\n');
    draft.text = 'mine again\n';
    await draft.save();
    await draft.revert();
    expect([draft.text, draft.isDirty, draft.isOutdated]).toEqual([
      'theirs again\n',
      false,
      false
    ]);
  });

  it('says why the file cannot be read or written', async () => {
    await open('a\n');
    draft.text = 'b\n';
    files.fault = new Error('The disk is full.');
    expect(await draft.save()).toBe(false);
    expect(draft.problem?.message).toBe('The disk is full.');
    expect(await draft.save()).toBe(true);
    expect(draft.problem).toBeNull();
    draft.dispose();
    draft = new Draft(files.manager, 'gone.yml');
    await draft.load();
    expect(draft.problem?.message).toContain('gone.yml');
    draft.take('as the server reads it\r\n');
    expect([draft.text, draft.problem, draft.isDirty]).toEqual([
      'as the server reads it\n',
      null,
      false
    ]);
  });

  it('begins with a text for a file that is there, or not there yet', async () => {
    await open('a\n', 'b\n');
    expect([draft.text, draft.isDirty]).toEqual(['b\n', true]);
    draft.dispose();
    draft = new Draft(files.manager, 'new.yml', 'c\n');
    await draft.load();
    expect([draft.problem, draft.text, draft.isDirty]).toEqual([
      null,
      'c\n',
      true
    ]);
    expect(await draft.save()).toBe(true);
    expect(files.read('new.yml')).toBe('c\n');
  });

  it('becomes another file', async () => {
    await open('a\n');
    expect(await draft.saveAs('other.yml')).toBe(true);
    expect([draft.path, files.read('other.yml')]).toEqual(['other.yml', 'a\n']);
  });

  it('follows its file in the page', async () => {
    await open('a\n');
    const renamed = { path: 'renamed.yml' };
    files.fileChanged.emit({
      type: 'rename',
      oldValue: { path: PATH },
      newValue: renamed
    } as never);
    expect(draft.path).toBe('renamed.yml');
    files.put('renamed.yml', 'theirs\n');
    files.fileChanged.emit({
      type: 'save',
      oldValue: null,
      newValue: { ...renamed, last_modified: '1' }
    } as never);
    await Promise.resolve();
    await new Promise(resolve => setTimeout(resolve));
    expect(draft.text).toBe('theirs\n');
  });

  it('keeps the text of a file that was deleted, and can write it anew', async () => {
    await open('a\n');
    await files.manager.delete(PATH);
    expect([draft.isGone, draft.isDirty, draft.edited]).toEqual([
      true,
      true,
      'a\n'
    ]);
    expect(await draft.save()).toBe(true);
    expect([draft.isGone, draft.isDirty]).toEqual([false, false]);
    expect(files.read(PATH)).toBe('a\n');
  });
});
