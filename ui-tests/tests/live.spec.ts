import { expect, test } from '@jupyterlab/galata';
import { execFileSync } from 'child_process';
import * as fs from 'fs';
import * as path from 'path';

import { HOME, Lab } from './lab';

test.use({ autoGoto: false, mockState: true });

/** Milliseconds within which the page shows what a terminal did; the promise is 2 s, a loaded machine is slower. */
const SOON = 6000;

let lab: Lab;

test.beforeEach(async ({ page }) => {
  await page.goto();
  lab = new Lab(page);
});

/** As a person types it in a terminal; the server and the page do not know of it. */
function uv(...words: string[]): void {
  execFileSync('uv', ['--quiet', ...words], {
    cwd: path.join(HOME, 'project'),
    env: { ...process.env, VIRTUAL_ENV: '' },
    stdio: ['ignore', 'inherit', 'inherit']
  });
}

test('what a terminal makes, changes and removes is in the open page at once', async ({
  page
}) => {
  const project = path.join(HOME, 'project', 'survey');
  const prefix = path.join(project, '.venv');
  const measured: { [what: string]: number } = {};
  const soon = async (what: string, seen: () => Promise<void>) => {
    const begin = Date.now();
    await seen();
    measured[what] = Date.now() - begin;
  };
  fs.mkdirSync(project, { recursive: true });
  await lab.openPanel();
  const survey = lab.environment('survey');
  await expect(survey).toBeHidden();

  uv('venv', prefix);
  await soon('made', () =>
    expect(survey).toContainText('No kernel', { timeout: SOON })
  );
  await lab.shot('live-made');

  uv('pip', 'install', '--python', prefix, 'ipykernel');
  await soon('changed', async () => {
    await expect(lab.card('survey')).toBeVisible({ timeout: SOON });
    await expect(survey).toContainText('Ready', { timeout: SOON });
  });
  await lab.shots('live-changed');
  await page.menu.clickMenuItem('File>New>Notebook');
  const choices = lab.dialog.locator('select option');
  await expect(choices.filter({ hasText: /^survey \(/ })).toHaveCount(1);
  await lab.button(lab.dialog, 'No Kernel').click();

  fs.rmSync(prefix, { recursive: true });
  await soon('removed', async () => {
    await expect(survey).toBeHidden({ timeout: SOON });
  });
  await page.getByRole('tab', { name: 'Launcher' }).click();
  await expect(lab.card('survey')).toBeHidden({ timeout: SOON });
  console.log(`live, milliseconds: ${JSON.stringify(measured)}`);
});
