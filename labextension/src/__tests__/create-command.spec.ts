import { CommandIDs } from '../ids';
import { press } from './screen';
import type { IRequest } from './server';
import { environment, eventually, FakeServer, job, plan } from './server';
import { Shown } from './shown';

const PATH = 'finance/environment.yml';
const UNSOLVABLE = 'dependencies:\n  - a\n  - b=1\n';
const MENDED = 'dependencies:\n  - a\n  - b\n';

let server: FakeServer;
let shown: Shown;
let posted: IRequest[];

beforeEach(() => {
  server = new FakeServer();
  server.environments = [environment()];
  posted = [];
  server.routes['POST envlink/api/environments'] = request => {
    posted.push(request);
    server.jobs = [job()];
    return { status: 202, body: job() };
  };
  server.routes['POST envlink/api/plan'] = () => plan();
  shown = new Shown(server, { [PATH]: UNSOLVABLE });
});

afterEach(() => {
  shown.dispose();
  server.restore();
});

/** A server that finds a file unsolvable, and its remedy not. */
function conflicted(): void {
  const cause = { spec: 'b=1', line: 3, column: 5, end_line: 3, end_column: 8 };
  const remedy = { code: 'relax-b', title: 'Take another b', diff: '' };
  const message = 'Line 3 asks for b=1.';
  const details = {
    causes: [{ ...cause, message }],
    remedies: [{ ...remedy, explanation: 'Any b.', text: MENDED, solves: true }]
  };
  server.routes['POST envlink/api/plan'] = ({ body }) => {
    const text = String(body?.['text'] ?? UNSOLVABLE);
    const conflict =
      body?.['solve'] && text === UNSOLVABLE
        ? { code: 'conflict', message, remedy: '', details }
        : null;
    return plan({ text, conflict });
  };
}

async function bodies(): Promise<unknown[]> {
  await eventually(() => expect(posted).not.toEqual([]));
  return posted.map(each => each.body);
}

describe('create-environment', () => {
  it('shows the file, and creates under the name shown', async () => {
    const { node } = await shown.run(CommandIDs.createEnvironment, {
      path: PATH
    });
    await eventually(() =>
      expect(document.activeElement).toBe(node.querySelector('form input'))
    );
    expect(node.querySelector('form input')).toHaveProperty('value', 'finance');
    expect(node.querySelector('.cm-content')?.textContent).toContain('- b=1');
    await press(node, 'Create');
    expect(await bodies()).toEqual([{ path: PATH, name: 'finance' }]);
    await eventually(() =>
      expect(node.querySelector(`[data-job="${job().id}"]`)).not.toBeNull()
    );
    expect(shown.model.isFollowed(job().id)).toBe(true);
  });

  it('brings a file that is shown already to the front', async () => {
    const first = await shown.run(CommandIDs.createEnvironment, { path: PATH });
    const second = await shown.run(CommandIDs.createEnvironment, {
      path: PATH,
      name: 'other'
    });
    expect(second).toBe(first);
    await press(second.node, 'Create');
    expect(await bodies()).toEqual([{ path: PATH, name: 'other' }]);
  });

  it('begins with a text that is no file, and creates from that', async () => {
    const text = 'dependencies: [numpy]\n';
    const view = await shown.run(CommandIDs.createEnvironment, {
      text,
      name: 'mine'
    });
    expect(view.title.label).toBe('New environment');
    await press(view.node, 'Create');
    expect(await bodies()).toEqual([{ text, name: 'mine' }]);
  });

  it('calls a text that is no file as it is told to', async () => {
    const named = { text: 'numpy\n', filename: 'requirements.txt' };
    const view = await shown.run(CommandIDs.createEnvironment, named);
    expect(view.title.label).toBe('requirements.txt');
    expect(view.draft.path).toBeNull();
    await press(view.node, 'Create');
    expect(await bodies()).toEqual([
      { text: 'numpy\n', filename: 'requirements.txt', name: 'finance' }
    ]);
  });

  it('begins with a text in the place of what a file holds', async () => {
    const text = 'dependencies: [numpy]\n';
    const view = await shown.run(CommandIDs.createEnvironment, {
      path: PATH,
      text
    });
    expect(view.title.label).toBe('environment.yml');
    await eventually(() =>
      expect(view.title.className).toContain('jp-mod-dirty')
    );
    await press(view.node, 'Create');
    expect(await bodies()).toEqual([{ path: PATH, text, name: 'finance' }]);
    expect(shown.files.read(PATH)).toBe(UNSOLVABLE);
  });
});

describe('a conflict', () => {
  it('is mended by one press, and created from', async () => {
    conflicted();
    const view = await shown.run(CommandIDs.createEnvironment, { path: PATH });
    const underlined = () =>
      [...view.node.querySelectorAll('.cm-lintRange-error')].map(
        each => each.textContent
      );
    await eventually(() => expect(underlined()).toEqual(['b=1']));
    await press(view.node, 'Take another b');
    await eventually(() => {
      expect(view.node.querySelector('.jp-Envlink-conflict')).toBeNull();
      expect(underlined()).toEqual([]);
    });
    expect(view.draft.text).toBe(MENDED);
    await press(view.node, 'Create');
    expect(await bodies()).toEqual([
      { path: PATH, name: 'finance', text: MENDED }
    ]);
  });

  it('leads to its line in the text', async () => {
    conflicted();
    const { node } = await shown.run(CommandIDs.createEnvironment, {
      path: PATH
    });
    await press(node, 'line 3');
    expect(document.activeElement?.className).toContain('cm-content');
  });

  it('of a job is mended from the text that the job had', async () => {
    conflicted();
    server.jobs = [job({ status: 'failed' })];
    server.routes[`GET envlink/api/jobs/${job().id}/file`] = () => ({
      path: null,
      text: UNSOLVABLE
    });
    const { node } = await shown.run(CommandIDs.mendJob, { id: job().id });
    await press(node, 'Take another b');
    await press(node, 'Create');
    expect(await bodies()).toEqual([{ name: 'finance', text: MENDED }]);
  });

  it('of a job whose file is gone says so', async () => {
    server.routes[`GET envlink/api/jobs/${job().id}/file`] = () => ({
      status: 404,
      body: { code: 'not-found', message: 'There is no job.', remedy: '' }
    });
    const done = shown.commands.execute(CommandIDs.mendJob, { id: job().id });
    const node = await eventually(() => {
      const found = document.querySelector<HTMLElement>('.jp-Dialog')!;
      expect(found.textContent).toContain('There is no job.');
      return found;
    });
    await press(node, 'Close');
    await done;
  });
});
