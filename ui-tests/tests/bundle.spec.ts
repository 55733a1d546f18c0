import { expect, test } from '@jupyterlab/galata';
import * as fs from 'fs';
import * as path from 'path';

import { Lab } from './lab';

test.use({ autoGoto: false, mockState: true });

const STATIC = path.join(
  __dirname,
  '..',
  '..',
  'jupyter_envlink',
  'labextension',
  'static'
);

/**
 * Bytes of ours, not compressed, that a page loads before anything of ours is opened. Everybody pays for them with each
 * page, wanted or not: an editor, a picture, a table belong behind `await import(…)`. Raise it only for what has to be
 * there at once, and say why.
 */
const AT_START = 230_000;

/** Bytes of all that there is: a library that came along unseen would be noticed here. */
const IN_ALL = 700_000;

test('what a page loads at its start is small, and the rest comes when it is wanted', async ({
  page
}) => {
  const loaded = new Set<string>();
  page.on('response', response => {
    const { pathname } = new URL(response.url());
    if (/extensions\/jupyter_envlink\/static\/.*\.js$/.test(pathname)) {
      loaded.add(path.basename(pathname));
    }
  });
  await page.goto();
  await page.waitForTimeout(2000);
  const size = (name: string) => fs.statSync(path.join(STATIC, name)).size;
  const sum = (names: Iterable<string>) =>
    [...names].reduce((total, name) => total + size(name), 0);
  const all = fs.readdirSync(STATIC).filter(name => name.endsWith('.js'));
  const measured = {
    start: sum(loaded),
    all: sum(all),
    chunks: Object.fromEntries(
      all.map(name => [
        name,
        `${size(name)}${loaded.has(name) ? ' at start' : ''}`
      ])
    )
  };
  console.log(`bundle, bytes: ${JSON.stringify(measured, null, 1)}`);
  expect(loaded.size).toBeGreaterThan(1);
  expect(measured.start).toBeLessThan(AT_START);
  expect(measured.all).toBeLessThan(IN_ALL);
  expect(loaded.size, 'all of it is loaded at start').toBeLessThan(all.length);
  // It is there when it is wanted.
  await new Lab(page).openPanel();
});
