import { expect, test } from '@jupyterlab/galata';
import * as fs from 'fs';

import { Lab } from './lab';
import { uv, venv } from './terminal';

test.use({ autoGoto: false, mockState: true });

/** Milliseconds within which the page shows what a terminal did; the promise is 2 s, a loaded machine is slower. */
const SOON = 6000;

let lab: Lab;

test.beforeEach(async ({ page }) => {
  await page.goto();
  lab = new Lab(page);
});

test('what a terminal makes, changes and removes is in the open page at once', async ({
  page
}) => {
  const measured: { [what: string]: number } = {};
  const soon = async (what: string, seen: () => Promise<void>) => {
    const begin = Date.now();
    await seen();
    measured[what] = Date.now() - begin;
  };
  await lab.openPanel();
  const harvest = lab.environment('harvest');
  await expect(harvest).toBeHidden();

  const prefix = venv('harvest');
  await soon('made', () =>
    expect(harvest).toContainText('No kernel', { timeout: SOON })
  );
  await lab.shot('live-made');

  uv('pip', 'install', '--python', prefix, 'ipykernel');
  await soon('changed', async () => {
    await expect(lab.card('harvest')).toBeVisible({ timeout: SOON });
    await expect(harvest).toContainText('Ready', { timeout: SOON });
  });
  await lab.shots('live-changed');
  await page.menu.clickMenuItem('File>New>Notebook');
  const choices = lab.dialog.locator('select option');
  await expect(choices.filter({ hasText: /^harvest \(/ })).toHaveCount(1);
  await lab.button(lab.dialog, 'No Kernel').click();

  fs.rmSync(prefix, { recursive: true });
  await soon('removed', async () => {
    await expect(harvest).toBeHidden({ timeout: SOON });
  });
  await page.getByRole('tab', { name: 'Launcher' }).click();
  await expect(lab.card('harvest')).toBeHidden({ timeout: SOON });
  console.log(`live, milliseconds: ${JSON.stringify(measured)}`);
});
