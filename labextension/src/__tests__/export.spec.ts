import { addCommands } from '../commands';
import { CommandIDs } from '../ids';
import type { EnvlinkModel } from '../model';
import type { Envlink } from '../tokens';
import { nextOffers, moreOffers } from '../offers';
import { formatWord } from '../words';
import { environment, FakeServer, job, page, settle, trans } from './server';

import { Dialog } from '@jupyterlab/apputils';
import type { IDocumentManager } from '@jupyterlab/docmanager';
import type { Contents } from '@jupyterlab/services';

import { CommandRegistry } from '@lumino/commands';

const ID = 'aaaaaaaaaaaa';
const EXPORT = `GET envlink/api/environments/${ID}/export`;
const PACK = `POST envlink/api/environments/${ID}/pack`;
const TEXT = 'name: finance\n';

/** The contents API of a server on which some files are there already. */
class FakeContents {
  constructor(readonly files: Map<string, string>) {}

  localPath = (path: string) => path.replace(/^RTC:/, '');

  async newUntitled({ path, ext }: Contents.ICreateOptions) {
    const made = `${path ? `${path}/` : ''}untitled${ext}`;
    this.files.set(made, '');
    return { path: made };
  }

  async save(path: string, { content }: Partial<Contents.IModel>) {
    this.files.set(path, content);
  }

  async rename(before: string, after: string) {
    if (this.files.has(after)) {
      throw Object.assign(new Error('there'), { response: { status: 409 } });
    }
    this.files.set(after, this.files.get(before) ?? '');
    this.files.delete(before);
    return { path: after };
  }
}

let server: FakeServer;
let model: EnvlinkModel;
let commands: CommandRegistry;
let contents: FakeContents;
let opened: string[];
let jobsShown: boolean[];

async function start(withDocuments = true): Promise<void> {
  model = server.model();
  await model.ready;
  commands = new CommandRegistry();
  opened = [];
  jobsShown = [];
  contents = new FakeContents(new Map([['work/mine.txt', 'mine']]));
  const documents = {
    services: { contents },
    openOrReveal: (path: string) => opened.push(path)
  };
  addCommands({
    browsers: null,
    commands,
    documents: withDocuments
      ? (documents as unknown as IDocumentManager)
      : null,
    model,
    openPanel: jobs => jobsShown.push(jobs),
    page: page(),
    trans
  });
}

beforeEach(() => {
  server = new FakeServer();
  server.environments = [environment({ exports: ['yml', 'explicit', 'pack'] })];
  server.routes[`${EXPORT}?format=yml`] = () => ({
    format: 'yml',
    filename: 'environment.yml',
    text: TEXT
  });
});

afterEach(() => {
  Dialog.flush();
  model.dispose();
  server.restore();
});

async function dialog(): Promise<HTMLElement> {
  for (let tries = 0; tries < 100; tries++) {
    const node = document.querySelector<HTMLElement>('.jp-Dialog');
    if (node?.contains(document.activeElement)) {
      await settle(20);
      return node;
    }
    await settle(10);
  }
  throw new Error('No dialog came.');
}

function press(node: HTMLElement, label: string): void {
  [...node.querySelectorAll('button')]
    .find(each => each.textContent === label)
    ?.click();
}

describe('export', () => {
  it('lets choose among what the server offers, and opens a new file', async () => {
    await start();
    const done = commands.execute(CommandIDs.exportEnvironment, {
      id: ID,
      cwd: 'work'
    });
    const node = await dialog();
    const options = [...node.querySelectorAll('label')];
    expect(options.map(each => each.textContent)).toEqual(
      ['yml', 'explicit', 'pack'].map(each => formatWord(each, trans))
    );
    expect(document.activeElement).toBe(options[0].firstChild);
    press(node, 'Export');
    await done;
    expect(opened).toEqual(['work/environment.yml']);
    expect(contents.files.get('work/environment.yml')).toBe(TEXT);
  });

  it('takes the one that is chosen', async () => {
    server.routes[PACK] = () => ({ status: 202, body: job() });
    await start();
    const done = commands.execute(CommandIDs.exportEnvironment, { id: ID });
    const node = await dialog();
    node.querySelector<HTMLElement>('input[value="pack"]')!.click();
    press(node, 'Export');
    await done;
    expect(server.asked('POST', /pack$/)).toHaveLength(1);
  });

  it('overwrites nothing', async () => {
    await start();
    contents.files.set('work/environment.yml', 'mine');
    contents.files.set('work/environment-1.yml', 'mine, too');
    const args = { id: ID, cwd: 'work', format: 'yml' };
    await commands.execute(CommandIDs.exportEnvironment, args);
    expect(opened).toEqual(['work/environment-2.yml']);
    expect(contents.files.get('work/environment.yml')).toBe('mine');
    expect([...contents.files.keys()]).not.toContain('work/untitled.yml');
  });

  it('is downloaded where no files can be opened', async () => {
    await start(false);
    const urls: string[] = [];
    URL.createObjectURL = jest.fn(() => 'blob:x');
    URL.revokeObjectURL = jest.fn((url: string) => void urls.push(url));
    const clicked = jest
      .spyOn(HTMLAnchorElement.prototype, 'click')
      .mockImplementation(function (this: HTMLAnchorElement) {
        urls.push(this.download);
      });
    const args = { id: ID, format: 'yml' };
    await commands.execute(CommandIDs.exportEnvironment, args);
    expect(urls).toEqual(['environment.yml', 'blob:x']);
    clicked.mockRestore();
  });

  it('starts a job for an archive, in the folder that is open', async () => {
    server.routes[PACK] = () => ({
      status: 202,
      body: job({ operation: 'pack', phase: 'packing' })
    });
    await start();
    const args = { id: ID, format: 'pack', cwd: 'RTC:work' };
    await commands.execute(CommandIDs.exportEnvironment, args);
    expect(server.asked('POST', /pack$/)[0].body).toEqual({ folder: 'work' });
    expect(model.jobs[0].operation).toBe('pack');
    expect(jobsShown).toEqual([true]);
  });

  it('says why it cannot be', async () => {
    server.routes[`${EXPORT}?format=explicit`] = () => ({
      status: 409,
      body: {
        code: 'no-url',
        message: 'It is not known where humanize came from.',
        remedy: 'Choose yml.',
        details: {}
      }
    });
    await start();
    const args = { id: ID, format: 'explicit' };
    const done = commands.execute(CommandIDs.exportEnvironment, args);
    const node = await dialog();
    expect(node.textContent).toContain('where humanize came from');
    expect(node.textContent).toContain('Choose yml.');
    press(node, 'Close');
    await done;
    expect(opened).toEqual([]);
  });

  it('is cancelled without a request', async () => {
    await start();
    const done = commands.execute(CommandIDs.exportEnvironment, { id: ID });
    press(await dialog(), 'Cancel');
    await done;
    expect(server.asked('GET', /export/)).toEqual([]);
  });

  it('is offered where the server says so', () => {
    const offered = (exports: Envlink.IEnvironment['exports']) => {
      const situation = {
        environment: environment({ exports, state: 'no-kernel' }),
        busy: false,
        readOnly: false,
        trans
      };
      return [...nextOffers(situation), ...moreOffers(situation)].filter(
        each => each.command === CommandIDs.exportEnvironment
      );
    };
    expect(offered([])).toEqual([]);
    expect(offered(['yml'])).toHaveLength(1);
  });

  it('has a word for a format of a newer server', () => {
    expect(formatWord('nix', trans)).toBe('nix');
  });
});
