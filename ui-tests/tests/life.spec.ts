import type { IJupyterLabPageFixture } from '@jupyterlab/galata';
import { expect, test } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';
import * as fs from 'fs';
import * as path from 'path';

import { HOME, Lab } from './lab';

// Kernels and sessions are the server's own: Galata's stand-ins for them do not survive a restart.
test.use({ autoGoto: false, kernels: null, mockState: true, sessions: null });

/** What is made from files here takes a few seconds each; a loaded machine takes a multiple. */
const DONE = 90 * 1000;

test.setTimeout(3 * DONE);

let lab: Lab;

test.beforeEach(async ({ page }) => {
  await page.goto();
  lab = new Lab(page);
});

/** The lines of a file that names an environment, and what it wants of conda. */
function lines(name: string, ...wanted: string[]): string[] {
  return [
    `name: ${name}`,
    'channels:',
    '  - conda-forge',
    'dependencies:',
    '  - python=3.11',
    ...wanted.map(each => `  - ${each}`)
  ];
}

/** Make an environment of a file in the project, and wait until its kernel is there. */
async function make(name: string, ...wanted: string[]): Promise<Locator> {
  await lab.file(name, 'environment.yml', lines(name, ...wanted));
  const view = await lab.chooseCreate('environment.yml');
  await lab.button(view, 'Create').click();
  await succeeded(`Create ${name}`);
  await lab.closeView();
  await expect(lab.card(name)).toBeVisible();
  await lab.openPanel();
  return lab.environment(name);
}

async function succeeded(title: string): Promise<Locator> {
  const job = lab.job(title);
  await expect(job).toHaveAttribute('data-status', 'succeeded', {
    timeout: DONE
  });
  return job;
}

/** Open a notebook on an environment's kernel, and wait until that waits for work. */
async function openNotebook(page: IJupyterLabPageFixture, row: Locator) {
  await lab.openNotebook(row);
  await idle(page);
}

async function idle(page: IJupyterLabPageFixture): Promise<void> {
  await expect(
    page.locator('.jp-Notebook-ExecutionIndicator:visible')
  ).toHaveAttribute('data-status', 'idle', { timeout: DONE });
}

let runs = 0;

/** What `code` prints, run in the first cell of the notebook in front. */
async function run(
  page: IJupyterLabPageFixture,
  code: string
): Promise<Locator> {
  const mark = `run ${++runs}.`;
  await page.notebook.setCell(0, 'code', `${code}\nprint("${mark}")`);
  await page.notebook.selectCells(0);
  await page.keyboard.press('Control+Enter');
  const output = page.locator('.jp-Notebook:visible .jp-Cell-outputArea');
  await expect(output.first()).toContainText(mark, { timeout: DONE });
  return output.first();
}

const VERSION = 'import tabulate\nprint(tabulate.__version__)';

/** Press a button of a notification. */
async function answer(
  page: IJupyterLabPageFixture,
  said: string,
  label: string
): Promise<void> {
  const toast = page.locator('.Toastify__toast').filter({ hasText: said });
  await toast.getByRole('button', { name: label, exact: true }).click();
}

/** Restart the kernel of the notebook in front, as a notification offers, and wait until it is another process. */
async function restart(
  page: IJupyterLabPageFixture,
  said: string
): Promise<void> {
  await answer(page, said, 'Restart its kernel');
  await expect(
    page.locator('.jp-Notebook-ExecutionIndicator:visible')
  ).not.toHaveAttribute('data-status', 'idle');
  await expect(
    page.locator('.jp-Notebook-ExecutionIndicator:visible')
  ).not.toHaveAttribute('data-status', 'restarting', { timeout: DONE });
}

test('an environment is updated after its changes were seen, and rolled back', async ({
  page
}) => {
  const row = await make('ledger', 'tabulate=0.8.9', 'envlink-hello');
  await openNotebook(page, row);
  await expect(await run(page, VERSION)).toContainText('0.8.9');

  await lab.file('ledger', 'environment.yml', [
    ...lines('ledger', 'tabulate=0.9', 'pip', 'pip:'),
    '      - humanize',
    'variables:',
    '  LEDGER: /srv/ledger'
  ]);
  await page.menu.openContextMenuLocator(
    '.jp-DirListing-item:has-text("environment.yml")'
  );
  await page
    .getByRole('menuitem', { name: 'Update environment from this file…' })
    .click();
  const { view: file } = lab;
  const field = file.getByLabel('Environment', { exact: true });
  await expect(field).toBeFocused();
  await expect(field.locator('option:checked')).toHaveText('ledger');
  await expect(file).toContainText('A kernel runs in it: restart it');
  const said = file.locator('.jp-Envlink-solution');
  await expect(said).toContainText('1 to upgrade');
  await expect(said).toContainText('1 with pip, 1 variable');
  await expect(said).not.toContainText('to remove');
  await file.getByLabel('Prune').check();
  await expect(said).toContainText('1 to remove');
  await expect(file).toContainText('0.8.9 → 0.9.0');
  await lab.expectAccessible('.jp-Envlink-createWidget', 'update');
  await lab.button(file, 'Update').click();
  await succeeded('Update ledger');
  await lab.shots('updated');
  await lab.openPanel();
  await page.getByRole('tab', { name: /\.ipynb/ }).click();
  // Nothing is restarted before the person says so.
  await expect(await run(page, VERSION)).toContainText('0.8.9');
  await restart(page, 'ledger was updated.');
  await expect(await run(page, VERSION)).toContainText('0.9.0');
  await expect(
    await run(page, 'import humanize, os\nprint(os.environ["LEDGER"])')
  ).toContainText('/srv/ledger');

  await lab.openEnvironment(row);
  const own = page.locator('.jp-EnvlinkView:visible');
  await own.getByRole('tab', { name: 'History' }).click();
  const roll = lab.button(own, 'Roll back…');
  const generation = own.locator('[data-generation]');
  await expect(generation).toContainText('Before an update');
  await expect(generation).toContainText('1 to downgrade');
  await roll.scrollIntoViewIfNeeded();
  await lab.expectAccessible('.jp-EnvlinkView', 'generations');
  await roll.click();
  await expect(lab.dialog).toContainText('0.9.0 → 0.8.9');
  await lab.expectAccessible('.jp-Envlink-dialog', 'roll-back');
  await lab.button(lab.dialog, 'Roll back').click();
  await succeeded('Roll ledger back');
  await expect(generation).toHaveCount(2);
  await page.getByRole('tab', { name: /ipynb/ }).click();
  await restart(page, 'ledger is what it was before.');
  await expect(await run(page, VERSION)).toContainText('0.8.9');
});

test('a copy of an environment is a kernel of its own', async ({ page }) => {
  await lab.openPanel();
  const row = lab.environment('ledger');
  await (await lab.seldom(row, 'Clone…')).click();
  const name = lab.dialog.getByLabel('Name', { exact: true });
  await expect(name).toBeFocused();
  await expect(name).toHaveValue('ledger-copy');
  await name.fill('ledger');
  await expect(lab.dialog).toContainText('already');
  await expect(lab.button(lab.dialog, 'Clone')).toBeDisabled();
  await lab.shot('clone-taken');
  await name.fill('ledger-2027');
  await expect(lab.dialog).toContainText(
    path.join(HOME, 'envs', 'ledger-2027')
  );
  await lab.expectAccessible('.jp-Envlink-dialog', 'clone');
  await name.press('Enter');
  await succeeded('Clone as ledger-2027');
  await expect(lab.card('ledger-2027')).toBeVisible();
  await openNotebook(page, lab.environment('ledger-2027'));
  await expect(await run(page, 'import sys\nprint(sys.prefix)')).toContainText(
    path.join(HOME, 'envs', 'ledger-2027')
  );
});

test('an environment is renamed, and its notebook follows', async ({
  page
}) => {
  await lab.openPanel();
  const row = lab.environment('ledger-2027');
  await openNotebook(page, row);
  await run(page, 'print("before")');
  await (await lab.seldom(row, 'Rename…')).click();
  const name = lab.dialog.getByLabel('Name', { exact: true });
  await expect(name).toHaveValue('ledger-2027');
  await name.fill('books');
  await expect(lab.dialog).toContainText('to be restarted');
  await expect(lab.button(lab.dialog, 'Rename')).toBeDisabled();
  await lab.dialog.getByLabel('Rename it although kernels run in it').check();
  await lab.expectAccessible('.jp-Envlink-dialog', 'rename');
  await lab.button(lab.dialog, 'Rename').click();
  await expect(lab.environment('books')).toBeVisible({ timeout: DONE });
  await expect(row).toBeHidden();
  await lab.shots('renamed');
  await restart(page, 'books has its new name');
  await expect(await run(page, 'import sys\nprint(sys.prefix)')).toContainText(
    path.join(HOME, 'envs', 'books')
  );
  await page.menu.clickMenuItem('Kernel>Change Kernel…');
  const options = lab.dialog.locator('select option');
  await expect(options.filter({ hasText: /^books \(/ })).not.toHaveCount(0);
  await expect(options.filter({ hasText: /^ledger-2027 \(/ })).toHaveCount(0);
  await lab.button(lab.dialog, 'Cancel').click();
  await page.getByRole('tab', { name: 'Launcher' }).click();
  await expect(lab.card('books')).toBeVisible();
  await expect(lab.card('ledger-2027')).toBeHidden();
});

test('what was removed comes back, or is deleted for good', async ({
  page
}) => {
  const prefix = path.join(HOME, 'envs', 'books');
  await lab.openPanel();
  const row = lab.environment('books');
  const remove = async () => {
    await (await lab.seldom(row, 'Remove…')).click();
    await lab.button(lab.dialog, 'Remove( anyway)?').click();
    await expect(row).toBeHidden();
    expect(fs.existsSync(prefix)).toBe(false);
  };
  await remove();
  await lab.shots('removed');
  await answer(page, 'books was removed.', 'Undo');
  await expect(row).toContainText('Ready');
  expect(fs.existsSync(prefix)).toBe(true);

  await remove();
  const section = lab.panel.getByText('Recently removed');
  await section.focus();
  await page.keyboard.press('Enter');
  const gone = lab.panel.locator('[data-removed="books"]');
  await expect(gone).toContainText('It can be restored until');
  await lab.button(gone, 'Restore').scrollIntoViewIfNeeded();
  await lab.expectAccessible('#jp-envlink-panel', 'recently-removed');
  await page.keyboard.press('Tab');
  await expect(lab.button(gone, 'Restore')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(row).toContainText('Ready');
  await openNotebook(page, row);
  await expect(await run(page, 'import sys\nprint(sys.prefix)')).toContainText(
    prefix
  );

  await remove();
  // It has stayed open where something else that was removed is in it.
  if (!(await section.evaluate(each => each.closest('details')!.open))) {
    await section.click();
  }
  await lab.button(gone, 'Delete for good…').click();
  await expect(lab.button(lab.dialog, 'Cancel')).toBeFocused();
  await lab.shot('delete-for-good');
  await lab.button(lab.dialog, 'Delete for good').click();
  await expect(gone).toBeHidden();
});

test('what pip could not install is retried', async () => {
  const wheels = path.join(HOME, 'wheels');
  const [wheel] = fs
    .readdirSync(wheels)
    .filter(each => each.startsWith('humanize-'));
  const aside = path.join(HOME, wheel);
  fs.renameSync(path.join(wheels, wheel), aside);
  await lab.file('retried', 'environment.yml', [
    ...lines('retried', 'pip', 'pip:'),
    '      - humanize'
  ]);
  const view = await lab.chooseCreate('environment.yml');
  await lab.button(view, 'Create').click();
  const failed = lab.job('Create retried');
  await expect(failed).toHaveAttribute('data-status', 'failed', {
    timeout: DONE
  });
  await expect(failed).toContainText('humanize');
  await lab.shots('pip-failed');
  expect(fs.existsSync(path.join(HOME, 'envs', 'retried'))).toBe(false);
  fs.renameSync(aside, path.join(wheels, wheel));
  await lab.button(failed, 'Retry').click();
  await succeeded('Create retried');
  await lab.showLauncher();
  await expect(lab.card('retried')).toBeVisible();
});
