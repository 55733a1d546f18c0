import { addCommands } from '../commands';
import { CommandIDs } from '../ids';
import type { EnvlinkModel } from '../model';
import type { Envlink } from '../tokens';
import { environment, FakeServer, page, trans } from './server';

import type { JSONObject } from '@lumino/coreutils';
import { CommandRegistry } from '@lumino/commands';

let server: FakeServer;
let model: EnvlinkModel;

beforeEach(() => {
  server = new FakeServer();
});

afterEach(() => {
  model.dispose();
  server.restore();
});

/** The commands, in a page where the row of an environment was right-clicked. */
async function clicked(
  changes: Partial<Envlink.IEnvironment>
): Promise<CommandRegistry> {
  server.environments = [environment(changes)];
  model = server.model();
  await model.ready;
  const commands = new CommandRegistry();
  const here = page();
  here.row = server.environments[0].id;
  addCommands({
    browsers: null,
    commands,
    documents: null,
    model,
    openPanel: () => undefined,
    page: here,
    trans
  });
  return commands;
}

const MENU: [string, JSONObject?][] = [
  [CommandIDs.openNotebook],
  [CommandIDs.attach],
  [CommandIDs.installKernel],
  [CommandIDs.overlay],
  [CommandIDs.exportEnvironment],
  [CommandIDs.explain],
  [CommandIDs.kernelSettings],
  [CommandIDs.hide, { hidden: true }],
  [CommandIDs.hide, { hidden: false }],
  [CommandIDs.detach]
];

/** What the context menu shows of those that depend on how an environment is. */
function shown(commands: CommandRegistry): string[] {
  return MENU.filter(([id, args]) =>
    commands.isVisible(id, { clicked: true, ...args })
  ).map(([id, args]) => commands.label(id, { clicked: true, ...args }));
}

describe('the context menu of a row', () => {
  it('has what the row offers', async () => {
    expect(shown(await clicked({ exports: ['yml'] }))).toEqual([
      'Open Notebook in Environment',
      'Export Environment…',
      'Explain Environment…',
      'Kernel Settings of Environment…',
      'Hide Environment from the Kernel Menu',
      'Detach Environment'
    ]);
  });

  it('of one that is detached, hidden, or not ready is another', async () => {
    expect(shown(await clicked({ attached: false }))).toEqual([
      'Attach Environment',
      'Explain Environment…',
      'Kernel Settings of Environment…'
    ]);
    model.dispose();
    expect(shown(await clicked({ hidden: true }))).toContain(
      'Show Environment in the Kernel Menu'
    );
    model.dispose();
    const bare = await clicked({
      state: 'no-kernel',
      attached: false,
      actions: ['install-kernel']
    });
    expect(shown(bare)).toEqual([
      'Install a Kernel in Environment',
      'Explain Environment…'
    ]);
    model.dispose();
    expect(shown(await clicked({ state: 'building' }))).toEqual([]);
  });

  it('does it with the environment that was clicked', async () => {
    const asked: string[] = [];
    server.routes['DELETE envlink/api/environments/aaaaaaaaaaaa/kernel'] =
      request => {
        asked.push(request.path);
        return environment({ attached: false });
      };
    const commands = await clicked({});
    await commands.execute(CommandIDs.detach, { clicked: true });
    expect(asked).toHaveLength(1);
  });

  it('offers a palette everything, whatever was clicked', async () => {
    const commands = await clicked({ state: 'building' });
    expect(commands.isVisible(CommandIDs.explain)).toBe(true);
    expect(commands.isEnabled(CommandIDs.explain)).toBe(true);
  });
});
