import { CommandIDs } from '../ids';
import type { EnvlinkModel } from '../model';
import { NearbyFiles } from '../nearby-files';
import { Files } from '../side-panel/files-view';
import type { Envlink } from '../tokens';
import {
  environment,
  eventually,
  FakeServer,
  INFO,
  settle,
  trans
} from './server';

import { UseSignal } from '@jupyterlab/ui-components';

import { CommandRegistry } from '@lumino/commands';

import * as React from 'react';
import { createRoot } from 'react-dom/client';
import type { Root } from 'react-dom/client';

(
  globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }
).IS_REACT_ACT_ENVIRONMENT = true;

let server: FakeServer;
let model: EnvlinkModel;
let files: NearbyFiles;
let place: string;
let found: Envlink.INearbyFile[];
let executed: [string, object][];
let host: HTMLElement;
let root: Root;

beforeEach(async () => {
  server = new FakeServer();
  found = [];
  place = 'work/notes.ipynb';
  server.routes['GET envlink/api/files?path=work%2Fnotes.ipynb'] = () => ({
    folder: 'work',
    files: found,
    is_whole: true
  });
  model = server.model();
  await model.ready;
  files = new NearbyFiles(model, () => place);
  executed = [];
  host = document.body.appendChild(document.createElement('div'));
  root = createRoot(host);
});

afterEach(() => {
  React.act(() => root.unmount());
  host.remove();
  files.dispose();
  model.dispose();
  server.restore();
});

function file(changes: Partial<Envlink.INearbyFile> = {}): Envlink.INearbyFile {
  return {
    path: 'work/environment.yml',
    name: 'environment.yml',
    format: 'environment-yml',
    errors: 0,
    environment_id: null,
    environment: null,
    changes: null,
    obstacle: null,
    ...changes
  };
}

const MADE = { environment_id: 'aaaaaaaaaaaa', environment: 'finance' };

async function show(): Promise<void> {
  const commands = new CommandRegistry();
  for (const id of [CommandIDs.createEnvironment, CommandIDs.update]) {
    commands.addCommand(id, {
      execute: args => void executed.push([id, args])
    });
  }
  files.watch(true);
  await eventually(() => expect(asked().length).toBeGreaterThan(0));
  await React.act(async () => {
    await settle(20);
    root.render(
      <UseSignal signal={files.changed}>
        {() => (
          <Files
            commands={commands}
            files={files}
            model={model}
            trans={trans}
          />
        )}
      </UseSignal>
    );
  });
}

function asked() {
  return server.asked('GET', /^envlink\/api\/files/);
}

function row(): HTMLElement {
  return host.querySelector('[data-envlink-file]') as HTMLElement;
}

function button(): HTMLButtonElement {
  return host.querySelector('button') as HTMLButtonElement;
}

describe('Files', () => {
  it('offers to create from a file that nothing was made of', async () => {
    found = [file({ path: 'environment.yml' })];
    await show();
    expect(row().textContent).toContain('conda environment');
    expect(row().textContent).toContain('in /');
    button().click();
    expect(executed).toEqual([
      [CommandIDs.createEnvironment, { path: 'environment.yml' }]
    ]);
  });

  it('says how many changes an update brings, and offers it', async () => {
    found = [file({ ...MADE, changes: 3 })];
    await show();
    expect(row().textContent).toContain('environment finance');
    expect(button().textContent).toBe('Update: 3 changes');
    expect(button().getAttribute('aria-label')).toBe(
      'Update finance from work/environment.yml'
    );
    button().click();
    expect(executed).toEqual([
      [CommandIDs.update, { path: 'work/environment.yml', id: 'aaaaaaaaaaaa' }]
    ]);
  });

  it('says what is up to date, what has mistakes, what is not for updates', async () => {
    found = [file({ ...MADE, changes: 0 })];
    await show();
    expect(row().textContent).toContain('finance is up to date');
    found = [file({ ...MADE, errors: 2 })];
    files.lookAgain();
    await eventually(() => expect(row().textContent).toContain('2 mistakes'));
    expect(button().textContent).toBe('Update…');
    found = [file({ ...MADE, format: 'pixi-lock', obstacle: 'A lock.' })];
    files.lookAgain();
    await eventually(() =>
      expect(row().textContent).toContain('not for updates')
    );
    expect(button().textContent).toBe('Create…');
  });

  it('creates nothing where that is not allowed', async () => {
    server.routes['GET envlink/api/info'] = () => ({
      ...INFO,
      read_only: true
    });
    await model.refresh();
    found = [file()];
    await show();
    button().click();
    expect(executed).toEqual([]);
    expect(button().title).toContain('no changes');
  });

  it('says that there is none, and why it does not know', async () => {
    await show();
    expect(host.textContent).toBe('None lies in work, or above it.');
    server.isDown = true;
    files.lookAgain();
    await eventually(() =>
      expect(host.querySelector('[role=alert]')?.textContent).toContain(
        'does not answer'
      )
    );
    server.isDown = false;
    button().click();
    await eventually(() =>
      expect(host.querySelector('[role=alert]')).toBeNull()
    );
  });
});

describe('NearbyFiles', () => {
  it('asks for nothing while nobody looks', async () => {
    files.lookAgain();
    await settle(300);
    expect(asked()).toHaveLength(0);
    files.watch(true);
    await eventually(() => expect(asked()).toHaveLength(1));
    files.watch(false);
    files.lookAgain();
    await settle(300);
    expect(asked()).toHaveLength(1);
  });

  it('asks once for several reasons, and where one is now', async () => {
    server.routes['GET envlink/api/files?path=other'] = () => ({
      folder: 'other',
      files: [],
      is_whole: true
    });
    files.watch(true);
    place = 'other';
    files.lookAgain();
    files.lookAgain();
    await eventually(() => expect(files.found.folder).toBe('other'));
    expect(asked()).toHaveLength(1);
  });

  it('asks again when an environment has changed, and not when none has', async () => {
    files.watch(true);
    await eventually(() => expect(asked()).toHaveLength(1));
    await model.refresh();
    await settle(300);
    expect(asked()).toHaveLength(1);
    server.environments = [environment()];
    await model.refresh();
    await eventually(() => expect(asked()).toHaveLength(2));
  });
});
