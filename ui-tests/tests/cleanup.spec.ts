import type { IJupyterLabPageFixture } from '@jupyterlab/galata';
import { expect, test } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';
import * as fs from 'fs';
import * as path from 'path';

import { HOME, Lab } from './lab';

// Kernels and sessions are the server's own.
test.use({ autoGoto: false, kernels: null, mockState: true, sessions: null });

const DONE = 90 * 1000;

test.setTimeout(3 * DONE);

let lab: Lab;

test.beforeEach(async ({ page }) => {
  await page.goto();
  lab = new Lab(page);
});

/** Make an environment of a file. */
async function make(name: string, ...wanted: string[]): Promise<Locator> {
  await lab.file(name, 'environment.yml', [
    `name: ${name}`,
    'channels:',
    '  - conda-forge',
    'dependencies:',
    '  - python=3.11',
    ...wanted.map(each => `  - ${each}`)
  ]);
  const view = await lab.chooseCreate('environment.yml');
  await lab.button(view, 'Create').click();
  await expect(lab.job(`Create ${name}`)).toHaveAttribute(
    'data-status',
    'succeeded',
    { timeout: DONE }
  );
  await lab.closeView();
  await lab.openPanel();
  await expect(lab.environment(name)).toBeVisible();
  return lab.environment(name);
}

/** As if nothing had been installed in it for so many days. */
function age(name: string, days: number): void {
  const then = Date.now() / 1000 - days * 86400;
  const prefix = path.join(HOME, 'envs', name);
  const lib = path.join(prefix, 'lib', 'python3.11', 'site-packages');
  for (const each of [
    path.join(prefix, 'conda-meta', 'history'),
    path.join(prefix, 'conda-meta'),
    lib
  ]) {
    fs.utimesSync(each, then, then);
  }
}

async function openCleanup(page: IJupyterLabPageFixture): Promise<Locator> {
  await lab.openPanel();
  await lab.panel.locator('[data-command="jupyter_envlink:clean-up"]').click();
  const view = page.locator('.jp-Envlink-cleanup');
  await expect(view.getByRole('status')).not.toContainText('Looking', {
    timeout: DONE
  });
  return view;
}

function item(view: Locator, name: string): Locator {
  return view.locator(`[data-leftover="${name}"]`);
}

async function free(view: Locator): Promise<void> {
  await view.getByRole('button', { name: /^Free/ }).click();
  await expect(lab.button(lab.dialog, 'Cancel')).toBeFocused();
}

test('what nobody uses is seen with its size, removed, and can be restored', async ({
  page
}) => {
  await make('attic', 'tabulate', 'envlink-hello');
  await make('kitchen', 'tabulate');
  age('attic', 200);
  const view = await openCleanup(page);
  const attic = item(view, 'attic');
  await expect(attic).toContainText('no kernel of it was seen');
  await expect(attic).toContainText(/\d MB/);
  await expect(item(view, 'kitchen')).toBeHidden();
  await expect(attic.getByRole('checkbox')).not.toBeChecked();
  await attic.getByRole('checkbox').check();
  await lab.expectAccessible('.jp-Envlink-cleanup', 'cleanup');
  await free(view);
  await expect(lab.dialog).toContainText('Environments that nobody uses: 1,');
  await lab.expectAccessible('.jp-Envlink-dialog', 'cleanup-question');
  await lab.dialog.getByRole('button', { name: /^Free/ }).click();
  await expect(lab.environment('attic')).toBeHidden();
  await expect(lab.environment('kitchen')).toBeVisible();
  expect(fs.existsSync(path.join(HOME, 'envs', 'kitchen', 'bin'))).toBe(true);

  // Its package can be needed again as long as it can come back.
  const removed = view.locator('[data-kind="removed"]');
  await expect(removed).toContainText('attic');
  await expect(view.locator('[data-leftover^="envlink-hello-"]')).toBeHidden();
  await lab.panel.getByText('Recently removed').focus();
  await page.keyboard.press('Enter');
  await lab
    .button(lab.panel.locator('[data-removed="attic"]'), 'Restore')
    .click();
  await expect(lab.environment('attic')).toBeVisible();
  await expect(attic).toBeVisible();
});

test('what is kept and what no environment has goes by a job, and nothing else does', async ({
  page
}) => {
  await lab.openPanel();
  await (await lab.seldom(lab.environment('attic'), 'Remove…')).click();
  await expect(lab.dialog).toContainText('No kernel of it was seen');
  await lab.button(lab.dialog, 'Remove').click();
  await expect(lab.environment('attic')).toBeHidden();
  const view = await openCleanup(page);
  const removed = view.locator('[data-kind="removed"]');
  await removed.getByRole('checkbox').check();
  await free(view);
  await lab.dialog.getByRole('button', { name: /^Free/ }).click();
  await expect(lab.job('Clean up')).toHaveAttribute(
    'data-status',
    'succeeded',
    { timeout: DONE }
  );
  await expect(removed).toBeHidden();
  const spare = view.locator('[data-leftover^="envlink-hello-"]');
  await expect(spare.getByRole('checkbox')).toBeChecked();
  await lab.shots('cleanup-packages');
  const package_ = path.join(
    HOME,
    'cache',
    (await spare.getAttribute('data-leftover')) ?? 'none'
  );
  expect(fs.existsSync(package_)).toBe(true);
  await free(view);
  await lab.dialog.getByRole('button', { name: /^Free/ }).click();
  await expect(spare).toBeHidden({ timeout: DONE });
  expect(fs.existsSync(package_)).toBe(false);
  await expect(
    page.locator('.Toastify__toast').filter({ hasText: 'were freed' }).first()
  ).toBeVisible();
  await lab.shots('cleanup-done');
  // What is left runs.
  await lab.openNotebook(lab.environment('kitchen'));
  await expect(
    page.locator('.jp-Notebook-ExecutionIndicator:visible')
  ).toHaveAttribute('data-status', 'idle', { timeout: DONE });
  await page.notebook.setCell(0, 'code', 'import tabulate\nprint(6 * 7)');
  await page.notebook.runCell(0, { inplace: true });
  await expect(
    page.locator('.jp-Notebook:visible .jp-Cell-outputArea').first()
  ).toContainText('42');
  await page.notebook.save();
});

test('the question before a removal names the notebook that used it lately', async ({
  page
}) => {
  await lab.openPanel();
  await page.menu.clickMenuItem('Kernel>Shut Down All Kernels…');
  await lab.button(lab.dialog, 'Shut Down All').click();
  await expect(lab.environment('kitchen')).not.toContainText('running');
  await (await lab.seldom(lab.environment('kitchen'), 'Remove…')).click();
  await expect(lab.dialog).toContainText('A notebook has used it lately:');
  await expect(lab.dialog).toContainText('Untitled.ipynb');
  await lab.expectAccessible('.jp-Envlink-dialog', 'remove-uses');
  await lab.button(lab.dialog, 'Cancel').click();
});
