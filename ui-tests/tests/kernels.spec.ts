import type { IJupyterLabPageFixture } from '@jupyterlab/galata';
import { expect, test } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';
import * as fs from 'fs';
import * as path from 'path';

import { HOME, Lab } from './lab';
import { venv } from './terminal';

test.use({ autoGoto: false, mockState: true });

let lab: Lab;

test.beforeEach(async ({ page }) => {
  await page.goto();
  lab = new Lab(page);
  await lab.openPanel();
});

/** The output of `code`, run in the first cell of the notebook in front, once its kernel waits for work. */
async function run(
  page: IJupyterLabPageFixture,
  code: string
): Promise<Locator> {
  await expect(
    page.locator('.jp-Notebook-ExecutionIndicator:visible')
  ).toHaveAttribute('data-status', 'idle', { timeout: 60 * 1000 });
  await page.notebook.setCell(0, 'code', code);
  await page.notebook.runCell(0, { inplace: true });
  return page.locator('.jp-Notebook:visible .jp-Cell-outputArea').first();
}

/** As when the Python that a virtual environment was made with is upgraded away. */
function loseItsPython(prefix: string): void {
  const bin = path.join(prefix, 'bin');
  for (const name of fs.readdirSync(bin)) {
    if (name.startsWith('python')) {
      fs.rmSync(path.join(bin, name));
    }
  }
}

test('an environment is used without being touched', async ({ page }) => {
  const prefix = venv('readonly', 'tabulate');
  const row = lab.environment('readonly');
  await expect(row).toContainText('No kernel');
  await expect(row).toContainText('uv');
  await row.scrollIntoViewIfNeeded();
  await lab.expectAccessible('#jp-envlink-panel', 'not-ready');

  await lab.button(row, 'Run without touching it').click();
  const job = lab.job('Make an overlay for readonly');
  await expect(job).toHaveAttribute('data-status', 'succeeded', {
    timeout: 90 * 1000
  });
  await expect(row).toContainText('Ready');
  await expect(row).toContainText('overlay');
  await expect(lab.card('readonly')).toBeVisible();
  await lab.shots('overlay');

  await lab.openNotebook(row);
  await expect(page.locator('.jp-KernelName:visible')).toContainText(
    'readonly ('
  );
  const output = await run(
    page,
    'import sys, tabulate, ipykernel\nprint(sys.prefix)'
  );
  await expect(output).toContainText(prefix);
  const [lib] = fs.readdirSync(path.join(prefix, 'lib'));
  expect(
    fs.existsSync(path.join(prefix, 'lib', lib, 'site-packages', 'ipykernel'))
  ).toBe(false);
});

test('a person names a kernel, sets variables, hides it and shows it again', async ({
  page
}) => {
  venv('survey', 'ipykernel');
  const row = lab.environment('survey');
  await expect(lab.card('survey')).toBeVisible();
  await (await lab.seldom(row, 'Kernel settings…')).click();
  const title = lab.dialog.getByLabel('Display name');
  await expect(title).toBeFocused();
  await title.fill('Survey of 2026');
  await lab.button(lab.dialog, 'Add a variable').click();
  await page.keyboard.type('PATH');
  await lab.dialog.getByLabel('Value of PATH').fill('/srv/survey');
  await lab.button(lab.dialog, 'Save').click();
  await expect(lab.dialog.locator('.jp-Envlink-fault')).toContainText('PATH');
  await lab.expectAccessible('.jp-Envlink-dialog');
  await lab.shot('settings-refused');
  await lab.dialog.getByLabel('Name of PATH').fill('DATA_DIR');
  await lab.shots('settings');
  await page.keyboard.press('Enter');
  await expect(lab.dialog).toBeHidden();

  const card = page.locator(
    '.jp-LauncherCard[data-category="Notebook"][title^="Survey of 2026"]'
  );
  await expect(card).toBeVisible();
  await lab.openNotebook(row);
  await expect(page.locator('.jp-KernelName:visible')).toContainText(
    'Survey of 2026'
  );
  const output = await run(page, 'import os\nprint(os.environ["DATA_DIR"])');
  await expect(output).toContainText('/srv/survey');

  await (await lab.seldom(row, 'Hide')).click();
  await page.getByRole('tab', { name: 'Launcher' }).click();
  await expect(card).toBeHidden();
  await expect(row).toBeHidden();
  await lab.panel.getByText('1 is hidden from the kernel menu').click();
  await expect(row).toContainText('Hidden');
  await lab.shots('hidden');
  await lab.button(row, 'Show in the menu').click();
  await expect(card).toBeVisible();
  await expect(row).toContainText('Ready');
});

test('it is explained why an environment is not ready, and why a folder is not listed', async () => {
  const prefix = venv('moved');
  const row = lab.environment('moved');
  await expect(row).toContainText('No kernel');
  loseItsPython(prefix);
  await expect(row).toContainText('Broken');
  await lab.button(row, 'Why\\?').click();
  const report = lab.dialog.locator('[data-report="moved"]');
  await expect(report).toContainText('Problem');
  await expect(report).toContainText(prefix);
  await lab.expectAccessible('.jp-Envlink-dialog', 'why');
  await lab.button(lab.dialog, 'Close').click();

  await lab.panel.locator('[data-command="jupyter_envlink:explain"]').click();
  await expect(lab.dialog.getByRole('status')).toContainText('environments');
  await expect(lab.dialog).toContainText(path.join(HOME, 'envs'));
  await lab.shots('doctor');
  const field = lab.dialog.getByLabel('Is one missing?');
  await field.fill(path.join(HOME, 'project'));
  await field.press('Enter');
  await expect(lab.dialog.locator('[data-report="project"]')).toBeVisible();
  await lab.expectAccessible('.jp-Envlink-dialog');
  await lab.shot('doctor-folder');
});

test('an environment that breaks while a notebook is open says so in the cell', async ({
  page
}) => {
  const prefix = venv('fragile', 'ipykernel');
  const row = lab.environment('fragile');
  await expect(lab.card('fragile')).toBeVisible();
  await lab.openNotebook(row);
  await expect(await run(page, 'print(6 * 7)')).toContainText('42');
  await page.notebook.save();

  loseItsPython(prefix);
  await expect(row).toContainText('Broken');
  await page.menu.clickMenuItem('Kernel>Change Kernel…');
  await lab.dialog
    .locator('select')
    .selectOption({ label: 'fragile (Python 3.11): broken' });
  await lab.button(lab.dialog, 'Select').click();
  const output = await run(page, 'print(6 * 7)');
  await expect(output).toContainText('cannot start');
  await expect(output).toContainText('fragile');
  await lab.shots('broken');
});
