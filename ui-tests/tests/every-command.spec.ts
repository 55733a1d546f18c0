import { expect, test } from '@jupyterlab/galata';
import Ajv from 'ajv';
import * as fs from 'fs';
import * as path from 'path';

import { Lab } from './lab';

test.use({ autoGoto: false, mockState: true });

const SCHEMAS = path.join(__dirname, '..', '..', 'labextension', 'schema');

interface IDescribed {
  id: string;
  label: string;
  caption: string;
  args: {
    type?: string;
    properties?: { [name: string]: { type?: unknown; description?: string } };
  } | null;
}

let commands: IDescribed[];

test.beforeEach(async ({ page }) => {
  await page.goto();
  await new Lab(page).openPanel();
  commands = await page.evaluate(async () => {
    const { commands } = window.jupyterapp;
    const ids = commands
      .listCommands()
      .filter(id => id.startsWith('jupyter_envlink:'));
    return Promise.all(
      ids.map(async id => ({
        id,
        label: commands.label(id),
        caption: commands.caption(id),
        args: (await commands.describedBy(id)).args as IDescribed['args']
      }))
    );
  });
});

test('each command has a label, and its arguments are described', () => {
  const ajv = new Ajv({ strict: true, allowUnionTypes: true });
  expect(commands.length).toBeGreaterThan(10);
  for (const { id, label, args } of commands) {
    expect(label, id).not.toBe('');
    expect(args?.type, id).toBe('object');
    expect(() => ajv.compile(args ?? false), id).not.toThrow();
    for (const [name, said] of Object.entries(args?.properties ?? {})) {
      expect(said.type, `${id}, ${name}`).toBeTruthy();
      expect(said.description, `${id}, ${name}`).toBeTruthy();
    }
  }
});

test('what the schemas and the palette offer is there', async ({ page }) => {
  const known = new Set(commands.map(({ id }) => id));
  const offered = fs
    .readdirSync(SCHEMAS)
    .flatMap(name =>
      fs
        .readFileSync(path.join(SCHEMAS, name), 'utf-8')
        .match(/"jupyter_envlink:[\w-]+"/g)
    )
    .map(each => JSON.parse(each ?? '""') as string)
    // The icon of the settings has a name of the same form.
    .filter(each => each !== 'jupyter_envlink:environment');
  expect(offered.length).toBeGreaterThan(3);
  expect(offered.filter(each => !known.has(each))).toEqual([]);
  // A label with a blank where a name should be would be one that needs arguments.
  for (const { id, label, caption } of commands) {
    expect(`${label}${caption}`, id).not.toMatch(/undefined|%\d|\s{2}/);
  }
});
