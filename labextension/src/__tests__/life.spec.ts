import { addCommands } from '../commands';
import { CommandIDs } from '../ids';
import type { EnvlinkModel } from '../model';
import { closeAll, dialog, enabled, press } from './screen';
import type { IFakePage } from './server';
import {
  environment,
  eventually,
  FakeServer,
  generation,
  job,
  page,
  plan,
  removed,
  settle,
  trans
} from './server';

import { CommandRegistry } from '@lumino/commands';

import { Simulate } from 'react-dom/test-utils';

const ID = 'aaaaaaaaaaaa';
const ONE = `envlink/api/environments/${ID}`;
const RUNNING = { id: 'k1', name: 'finance', path: 'work/a.ipynb' };

let server: FakeServer;
let model: EnvlinkModel;
let commands: CommandRegistry;
let opened: boolean[];
let inPage: IFakePage;

async function start(): Promise<void> {
  model = server.model();
  await model.ready;
  commands = new CommandRegistry();
  opened = [];
  addCommands({
    browsers: null,
    commands,
    documents: null,
    model,
    openPanel: jobs => opened.push(jobs),
    page: inPage,
    trans
  });
}

beforeEach(() => {
  server = new FakeServer();
  server.environments = [environment()];
  inPage = page('k1', 'k2');
  server.routes['POST envlink/api/plan'] = ({ body }) => {
    const name = String(body?.['name']);
    const prefix = `/home/me/envs/${name}`;
    const problem = { remedy: '', details: {} };
    if (name.includes('/')) {
      const message = 'No slash in a name.';
      const name_problem = { ...problem, code: 'invalid-name', message };
      return plan({ name, prefix, name_problem });
    }
    if (name === 'taken') {
      const message = 'There is one already.';
      const name_problem = { ...problem, code: 'exists', message };
      return plan({ name, prefix, name_problem });
    }
    return plan({ name, prefix });
  };
});

afterEach(() => {
  closeAll();
  model.dispose();
  server.restore();
});

/** Let a route take what is asked for; what it was sent. */
function taking(route: string, operation: 'clone' | 'rename' | 'roll-back') {
  const bodies: unknown[] = [];
  server.routes[route] = ({ body }) => {
    bodies.push(body);
    return { status: 202, body: job({ operation }) };
  };
  return bodies;
}

function refusing(route: string, body: object, status = 409) {
  server.routes[route] = () => ({ status, body: { remedy: '', ...body } });
}

function name(node: HTMLElement): HTMLInputElement {
  return node.querySelector<HTMLInputElement>('#jp-envlink-name')!;
}

function type(node: HTMLElement, value: string): void {
  Simulate.change(name(node), { target: { value } } as never);
}

/** Choose what is called so, in a dialog; all that could be chosen. */
async function pick(word: string): Promise<string[]> {
  const select = await eventually(() => {
    const found =
      document.querySelector<HTMLSelectElement>('.jp-Dialog select');
    if (!found?.textContent?.includes(word)) {
      throw new Error(`Nothing offers "${word}".`);
    }
    return found;
  });
  const offered = [...select.options].map(each => each.text);
  select.selectedIndex = offered.findIndex(each => each.includes(word));
  await press(await dialog(), 'Ok');
  return offered;
}

describe('clone', () => {
  it('proposes a name that is free, and takes another', async () => {
    server.environments.push(environment({ id: 'b', name: 'finance-copy' }));
    const bodies = taking(`POST ${ONE}/clone`, 'clone');
    await start();
    const done = commands.execute(CommandIDs.clone, { id: ID });
    const node = await dialog();
    expect(name(node).value).toBe('finance-copy-2');
    expect(document.activeElement).toBe(name(node));
    type(node, 'finance-2027');
    await eventually(() =>
      expect(node.textContent).toContain('/home/me/envs/finance-2027')
    );
    await press(node, 'Clone');
    await done;
    expect(bodies).toEqual([{ name: 'finance-2027' }]);
    expect(opened).toEqual([true]);
  });

  it('says what stands against a name while it is typed', async () => {
    await start();
    const done = commands.execute(CommandIDs.clone, { id: ID });
    const node = await dialog();
    type(node, 'a/b');
    await eventually(() =>
      expect(node.textContent).toContain('No slash in a name.')
    );
    expect(name(node).getAttribute('aria-invalid')).toBe('true');
    expect(() => enabled(node, 'Clone')).toThrow();
    type(node, 'taken');
    await eventually(() =>
      expect(node.textContent).toContain('There is one already.')
    );
    await press(node, 'Cancel');
    await done;
    expect(server.asked('POST', /clone/)).toEqual([]);
  });

  it('stays where the server does not accept, and tries again', async () => {
    refusing(`POST ${ONE}/clone`, { code: 'exists', message: 'It is taken.' });
    await start();
    const done = commands.execute(CommandIDs.clone, { id: ID });
    const node = await dialog();
    await press(node, 'Clone');
    await eventually(() => expect(node.textContent).toContain('It is taken.'));
    const bodies = taking(`POST ${ONE}/clone`, 'clone');
    type(node, 'another');
    await eventually(() =>
      expect(node.textContent).not.toContain('It is taken.')
    );
    await press(node, 'Clone');
    await done;
    expect(bodies).toEqual([{ name: 'another' }]);
  });

  it('asks which one where none is meant', async () => {
    await start();
    const done = commands.execute(CommandIDs.clone);
    const choice = await dialog();
    expect(choice.textContent).toContain('finance (/home/me/envs/finance)');
    await press(choice, 'Ok');
    await eventually(() => expect(choice.isConnected).toBe(false));
    const node = await dialog();
    expect(node.textContent).toContain('Clone finance');
    await press(node, 'Cancel');
    await done;
  });
});

describe('rename', () => {
  it('needs another name than the one it has', async () => {
    const bodies = taking(`PATCH ${ONE}`, 'rename');
    await start();
    const done = commands.execute(CommandIDs.rename, { id: ID });
    const node = await dialog();
    expect(name(node).value).toBe('finance');
    await settle(300);
    expect(() => enabled(node, 'Rename')).toThrow();
    name(node).dispatchEvent(
      new KeyboardEvent('keydown', { key: 'Enter', bubbles: true })
    );
    expect(bodies).toEqual([]);
    type(node, 'money');
    await press(node, 'Rename');
    await done;
    expect(bodies).toEqual([{ name: 'money' }]);
  });

  it('in another folder than that of new environments heeds no name that is taken there', async () => {
    server.environments = [environment({ prefix: '/srv/envs/finance' })];
    const bodies = taking(`PATCH ${ONE}`, 'rename');
    await start();
    const done = commands.execute(CommandIDs.rename, { id: ID });
    const node = await dialog();
    type(node, 'taken');
    await press(node, 'Rename');
    await done;
    expect(bodies).toEqual([{ name: 'taken' }]);
  });

  it('needs a word more while kernels run in it', async () => {
    server.environments = [environment({ running: [RUNNING] })];
    const bodies = taking(`PATCH ${ONE}?force=1`, 'rename');
    await start();
    const done = commands.execute(CommandIDs.rename, { id: ID });
    const node = await dialog();
    expect(node.textContent).toContain('work/a.ipynb');
    type(node, 'money');
    await settle(300);
    expect(() => enabled(node, 'Rename')).toThrow();
    node.querySelector<HTMLInputElement>('[type=checkbox]')!.click();
    await press(node, 'Rename');
    await done;
    expect(bodies).toEqual([{ name: 'money' }]);
  });

  it('shows the kernels that were started meanwhile', async () => {
    refusing(`PATCH ${ONE}`, {
      ...{ code: 'in-use', message: 'In use.' },
      details: { kernels: [RUNNING] }
    });
    const bodies = taking(`PATCH ${ONE}?force=1`, 'rename');
    await start();
    const done = commands.execute(CommandIDs.rename, { id: ID });
    const node = await dialog();
    type(node, 'money');
    await press(node, 'Rename');
    await eventually(() => expect(node.textContent).toContain('work/a.ipynb'));
    node.querySelector<HTMLInputElement>('[type=checkbox]')!.click();
    await press(node, 'Rename');
    await done;
    expect(bodies).toEqual([{ name: 'money' }]);
  });

  it('means the row that was right-clicked, and not one that may not be changed', async () => {
    server.environments.push(
      environment({ id: 'b', name: 'fixed', not_changeable: 'No.' })
    );
    await start();
    const isEnabled = () =>
      commands.isEnabled(CommandIDs.rename, { clicked: true });
    inPage.row = 'b';
    expect(isEnabled()).toBe(false);
    inPage.row = ID;
    expect(isEnabled()).toBe(true);
    const done = commands.execute(CommandIDs.rename, { clicked: true });
    const node = await dialog();
    expect(node.textContent).toContain('Rename finance');
    await press(node, 'Cancel');
    await done;
  });
});

describe('roll-back', () => {
  it('asks with what changes and who has to be restarted, then does it', async () => {
    server.environments = [environment({ running: [RUNNING] })];
    server.generations = [generation({ number: 2 }), generation()];
    const bodies = taking(`POST ${ONE}/rollback`, 'roll-back');
    await start();
    const done = commands.execute(CommandIDs.rollBack, {
      id: ID,
      generation: 1
    });
    const node = await dialog();
    for (const text of ['1 to downgrade', '2.0 → 1.0', 'work/a.ipynb']) {
      expect(node.textContent).toContain(text);
    }
    await press(node, 'Roll back');
    await done;
    expect(bodies).toEqual([{ generation: 1 }]);
    expect(opened).toEqual([true]);
  });

  it('says where a state is not kept any more', async () => {
    await start();
    const done = commands.execute(CommandIDs.rollBack, { id: ID });
    const node = await dialog();
    expect(node.textContent).toContain('not kept');
    await press(node, 'Close');
    await done;
  });

  it('asks which environment, and which of its states', async () => {
    server.environments.push(
      environment({ id: 'b', name: 'fixed', not_changeable: 'No.' })
    );
    server.generations = [generation({ number: 2 }), generation()];
    const bodies = taking(`POST ${ONE}/rollback`, 'roll-back');
    await start();
    const done = commands.execute(CommandIDs.rollBack);
    expect(await pick('finance')).toHaveLength(1);
    expect(await pick('(state 1)')).toHaveLength(2);
    await eventually(() =>
      expect(document.querySelector('.jp-Dialog')?.textContent).toContain(
        '1 to downgrade'
      )
    );
    await press(await dialog(), 'Roll back');
    await done;
    expect(bodies).toEqual([{ generation: 1 }]);
  });

  it('keeps what went wrong beside the environment', async () => {
    server.generations = [generation()];
    refusing(`POST ${ONE}/rollback`, { code: 'busy', message: 'It is busy.' });
    await start();
    const done = commands.execute(CommandIDs.rollBack, { id: ID });
    await press(await dialog(), 'Roll back');
    await done;
    expect(model.actionError(ID)?.message).toBe('It is busy.');
    expect(opened).toEqual([]);
  });
});

describe('what was removed', () => {
  const JOB = removed().job;

  it('is restored by a job', async () => {
    server.removed = [removed()];
    server.routes[`POST envlink/api/removed/${JOB}`] = () => {
      server.removed = [];
      return { status: 202, body: job({ operation: 'restore' }) };
    };
    await start();
    await commands.execute(CommandIDs.restore, { job: JOB });
    expect(model.jobs[0].operation).toBe('restore');
    expect(model.removed).toEqual([]);
  });

  it('is asked for where none is named', async () => {
    server.removed = [removed(), removed({ job: 'other', name: 'other-name' })];
    server.routes['POST envlink/api/removed/other'] = () => ({
      status: 202,
      body: job({ operation: 'restore' })
    });
    await start();
    const done = commands.execute(CommandIDs.restore);
    expect(await pick('other-name')).toHaveLength(2);
    await done;
    expect(server.asked('POST', /removed/).map(each => each.path)).toEqual([
      'envlink/api/removed/other'
    ]);
  });

  it('is nothing: that is said', async () => {
    await start();
    const done = commands.execute(CommandIDs.restore);
    const node = await dialog();
    expect(node.textContent).toContain(
      'Nothing that was removed can come back'
    );
    await press(node, 'Close');
    await done;
  });

  it('that is gone says so, as it has no row that could', async () => {
    refusing(
      `POST envlink/api/removed/${JOB}`,
      { code: 'not-found', message: 'It is gone.' },
      404
    );
    await start();
    const done = commands.execute(CommandIDs.restore, { job: JOB });
    const node = await dialog();
    expect(node.textContent).toContain('It is gone.');
    await press(node, 'Close');
    await done;
  });

  it('is deleted for good after a question that Enter does not answer', async () => {
    server.removed = [removed()];
    server.routes[`DELETE envlink/api/removed/${JOB}`] = () => {
      server.removed = [];
      return { status: 204, body: null };
    };
    await start();
    const done = commands.execute(CommandIDs.discard, { job: JOB });
    const node = await dialog();
    expect(document.activeElement?.textContent).toBe('Cancel');
    await press(node, 'Delete for good');
    await done;
    expect(model.removed).toEqual([]);
    expect(model.actionError(JOB)).toBeNull();
  });

  it('is read again when its time is over', async () => {
    const until = new Date(Date.now() + 150).toISOString();
    server.removed = [removed({ until })];
    await start();
    expect(model.removed).toHaveLength(1);
    server.removed = [];
    await eventually(() => expect(model.removed).toHaveLength(0));
  });
});

describe('restart-kernels', () => {
  it('restarts those that run in it and are open in this page, once each', async () => {
    inPage = page('k1', 'k1', 'elsewhere');
    server.environments = [
      environment({ running: [RUNNING, { ...RUNNING, id: 'k9' }] })
    ];
    await start();
    await commands.execute(CommandIDs.restartKernels, { id: ID });
    expect(inPage.restarted).toEqual(['k1']);
  });
});
