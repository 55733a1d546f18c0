import { expect, test } from '@jupyterlab/galata';
import * as fs from 'fs';
import * as path from 'path';

import { HOME, Lab } from './lab';

test.use({ autoGoto: false, mockState: true });

let lab: Lab;

test.beforeEach(async ({ page }) => {
  await page.goto();
  lab = new Lab(page);
});

test('an environment.yml becomes a kernel, and a notebook runs on it', async ({
  page
}) => {
  await lab.file('finance', 'environment.yml', [
    'name: finance',
    'channels:',
    '  - conda-forge',
    'dependencies:',
    '  - python=3.11',
    '  - tabulate',
    '  - pip',
    '  - pip:',
    '      - humanize'
  ]);
  const view = await lab.chooseCreate('environment.yml');
  await expect(view.getByLabel('Name')).toHaveValue('finance');
  await expect(view.getByLabel('Name')).toBeFocused();
  for (const text of ['conda-forge', 'python=3.11', 'humanize', 'ipykernel']) {
    await expect(view).toContainText(text);
  }
  await expect(view.locator('.jp-Envlink-solution')).toContainText(
    /\d+ to install\. .* to download/
  );
  await lab.expectAccessible('.jp-Envlink-createWidget', 'create-preview');
  await lab.button(view, 'Create').click();

  const job = lab.job('Create finance');
  await expect(job).toBeVisible();
  await expect(job.locator('progress')).toBeVisible();
  await expect(job).toContainText(/\d+ %/);
  // What other journeys have left in the package cache is not downloaded again: which phase is seen depends on that.
  await expect(job.locator('.jp-Envlink-phase')).toHaveText(
    /^(Downloading|Installing) packages$/
  );
  await expect(job.getByRole('log')).toContainText('tabulate');
  await lab.shot('create-progress');
  await expect(job).toHaveAttribute('data-status', 'succeeded', {
    timeout: 90 * 1000
  });
  const card = page.locator(
    '.jp-LauncherCard[data-category="Notebook"][title="finance (Python 3.11)"]'
  );
  await lab.shots('create-done');
  await lab.showLauncher();
  await expect(card).toBeVisible({ timeout: 1000 });

  await page.getByRole('tab', { name: 'environment.yml' }).click();
  await lab.button(job, 'Open notebook').click();
  await expect(page.locator('.jp-NotebookPanel')).toBeVisible();
  const kernelName = page.locator('.jp-KernelName:visible');
  await expect(kernelName).toContainText('finance (Python 3.11)');
  await page.waitForCondition(async () =>
    fs.existsSync(path.join(HOME, 'project', 'finance', 'Untitled.ipynb'))
  );
  await page.notebook.setCell(
    0,
    'code',
    'import sys, tabulate, humanize\nprint(sys.prefix, humanize.intcomma(1234567))'
  );
  await page.notebook.runCell(0, { inplace: true });
  const output = (await page.notebook.getCellTextOutput(0)) ?? [];
  expect(output.join('')).toContain(
    `${path.join(HOME, 'envs', 'finance')} 1,234,567`
  );
  await kernelName.click();
  const choices = page.locator('.jp-Dialog select option');
  await expect(
    choices.filter({ hasText: 'finance (Python 3.11)' })
  ).toHaveCount(1);
  await lab.shot('notebook-kernel-picker');
  await lab.button(lab.dialog, 'Cancel').click();
  await lab.shots('notebook');
});

test('an environment without a kernel says so, and gets one', async ({
  page
}) => {
  await lab.openPanel();
  const bare = lab.environment('bare');
  await expect(bare).toContainText('No kernel');
  await expect(bare).toContainText('ipykernel');
  await lab.expectAccessible('#jp-envlink-panel', 'panel-no-kernel');
  await lab.button(bare, 'Install a kernel').click();
  const job = lab.job('Install a kernel in bare');
  await expect(job).toHaveAttribute('data-status', 'succeeded', {
    timeout: 90 * 1000
  });
  await expect(lab.card('bare')).toBeVisible({ timeout: 1000 });
  await expect(bare).toContainText('Ready');
});

test('an environment is detached, and attached again', async ({ page }) => {
  await lab.openPanel();
  const bare = lab.environment('bare');
  const card = lab.card('bare');
  await expect(card).toBeVisible();
  await (await lab.seldom(bare, 'Detach')).click();
  await expect(bare).toContainText('Detached');
  await expect(card).toBeHidden();
  await lab.shot('panel-detached');
  await lab.button(bare, 'Attach').click();
  await expect(bare).toContainText('Ready');
  await expect(card).toBeVisible();
});

test('an environment is exported as a new file, beside one of that name', async ({
  page
}) => {
  const mine = await lab.file('shared', 'environment.yml', ['name: mine']);
  await lab.openPanel();
  const bare = lab.environment('bare');
  await (await lab.seldom(bare, 'Export…')).click();
  const choices = lab.dialog.getByRole('radio');
  await expect(choices).toHaveCount(8);
  await expect(choices.first()).toBeFocused();
  await choices.nth(1).check();
  await lab.shot('export');
  await lab.expectAccessible('.jp-Dialog');
  await lab.button(lab.dialog, 'Export').click();
  const editor = page.locator('.jp-FileEditor:visible');
  await expect(editor).toContainText('name: bare');
  await expect(editor).toContainText(/- python=\d/);
  const made = path.join(HOME, 'project', 'shared', 'environment-1.yml');
  expect(fs.readFileSync(made, 'utf-8')).toContain('name: bare');
  const before = fs.readFileSync(path.join(HOME, 'project', mine), 'utf-8');
  expect(before).toBe('name: mine\n');
});

test('an environment is removed, after a question that names what runs in it', async ({
  page
}) => {
  await lab.openPanel();
  const bare = lab.environment('bare');
  await lab.openNotebook(bare);
  await expect(page.locator('.jp-KernelName:visible')).toContainText('bare (');
  await page.waitForCondition(
    async () =>
      (await page
        .locator('.jp-Notebook-ExecutionIndicator:visible')
        .getAttribute('data-status')) === 'idle'
  );
  await (await lab.seldom(bare, 'Remove…')).click();
  await expect(lab.dialog).toContainText(path.join(HOME, 'envs', 'bare'));
  await expect(lab.dialog).toContainText('.ipynb');
  await expect(lab.button(lab.dialog, 'Cancel')).toBeFocused();
  await lab.expectAccessible('.jp-Envlink-dialog', 'remove');
  await page.keyboard.press('Enter');
  await expect(lab.dialog).toBeHidden();
  expect(fs.existsSync(path.join(HOME, 'envs', 'bare'))).toBe(true);

  await (await lab.seldom(bare, 'Remove…')).click();
  await lab.button(lab.dialog, 'Remove anyway').click();
  await expect(lab.job('Remove bare')).toHaveAttribute(
    'data-status',
    'succeeded',
    { timeout: 30 * 1000 }
  );
  await expect(bare).toBeHidden();
  expect(fs.existsSync(path.join(HOME, 'envs', 'bare'))).toBe(false);
});

test.describe('while a slow package is downloaded', () => {
  async function start(name: string) {
    await lab.file(name, 'environment.yml', [
      `name: ${name}`,
      'channels:',
      `  - ${process.env.ENVLINK_SLOW_CHANNEL}/conda-forge`,
      'dependencies:',
      '  - python=3.11',
      '  - envlink-slow'
    ]);
    const view = await lab.chooseCreate('environment.yml');
    await expect(view.locator('.jp-Envlink-solution')).toContainText(
      'to install'
    );
    await lab.button(view, 'Create').click();
    await lab.openPanel();
    const job = lab.job(`Create ${name}`);
    await expect(job.locator('.jp-Envlink-phase')).toHaveText(
      'Downloading packages',
      { timeout: 30 * 1000 }
    );
    return job;
  }

  test('cancelling leaves nothing', async () => {
    const job = await start('climate');
    await lab.expectAccessible('#jp-envlink-panel', 'job-running');
    await lab.button(job, 'Cancel').click();
    await expect(job).toHaveAttribute('data-status', 'cancelled', {
      timeout: 20 * 1000
    });
    await lab.shot('job-cancelled');
    expect(fs.existsSync(path.join(HOME, 'envs', 'climate'))).toBe(false);
    await expect(lab.environment('climate')).toBeHidden();
    for (const folder of ['staging', 'journal', 'trash']) {
      const found = path.join(HOME, 'envs', '.envlink', folder);
      expect(fs.existsSync(found) ? fs.readdirSync(found) : []).toEqual([]);
    }
  });

  test('a page that is loaded again shows the job again', async ({ page }) => {
    await start('genomics');
    await page.reload({ waitForIsReady: false });
    await page.waitForSelector('#jupyterlab-splash', { state: 'detached' });
    await lab.openPanel();
    const job = lab.job('Create genomics');
    await expect(job).toHaveAttribute('data-status', 'running');
    await expect(job.locator('progress')).toBeVisible();
    await lab.button(job, 'Show log').click();
    await expect(job.getByRole('log')).not.toBeEmpty();
    await lab.shot('job-after-reload');
    await lab.button(job, 'Cancel').click();
    await expect(job).toHaveAttribute('data-status', 'cancelled', {
      timeout: 20 * 1000
    });
  });
});

test('a file with a mistake is shown its place and a hint', async () => {
  await lab.file('mistake', 'anyfilename.yaml', [
    'name: mistake',
    'dependencies:',
    '  - numpy',
    '  - python: 3.11'
  ]);
  const view = await lab.chooseCreate('anyfilename.yaml');
  const said = view.locator('.jp-Envlink-diagnostics');
  await expect(said).toContainText('Error');
  await expect(said).toContainText('line 4');
  await expect(said).toContainText('python=3.11');
  await expect(lab.button(view, 'Create')).toBeDisabled();
  await lab.shots('create-mistake');
  await lab.closeView();
});

test('a bad file is mended by one click, and becomes an environment', async () => {
  const lines = [
    'name: mended # by a click',
    'channels: conda-forge',
    'dependencies:',
    '  - python: 3.11',
    "  - humanize;python_version>'3'",
    'prefix: /home/somebody/envs/mended'
  ];
  await lab.file('mended', 'environment.yml', lines);
  const view = await lab.chooseCreate('environment.yml');
  const create = lab.button(view, 'Create');
  await expect(create).toBeDisabled();
  await expect(lab.button(view, 'Fix: python=3.11')).toBeVisible();
  await lab.expectAccessible('.jp-Envlink-createWidget');
  const all = lab.button(view, 'Fix all');
  await all.focus();
  await lab.page.keyboard.press('Enter');
  const text = view.locator('.cm-content');
  await expect(text).toContainText('- python=3.11');
  await expect(text).toContainText("      - humanize;python_version>'3'");
  await expect(text).not.toContainText('prefix:');
  await expect(view.locator('.jp-Envlink-diagnostics')).toBeHidden();
  await expect(create).toBeEnabled({ timeout: 30 * 1000 });
  await lab.expectAccessible('.jp-Envlink-createWidget', 'create-mended');
  await create.click();
  await expect(lab.job('Create mended')).toHaveAttribute(
    'data-status',
    'succeeded',
    { timeout: 90 * 1000 }
  );
  await lab.showLauncher();
  await expect(lab.card('mended')).toBeVisible({ timeout: 1000 });
  const project = path.join(HOME, 'project', 'mended', 'environment.yml');
  expect(fs.readFileSync(project, 'utf-8').trim()).toBe(lines.join('\n'));
});

test('a conflict is explained before anything is made', async () => {
  await lab.file('conflict', 'environment.yml', [
    'name: conflict',
    'channels:',
    '  - conda-forge',
    'dependencies:',
    '  - envlink-conflict-a',
    '  - envlink-conflict-b'
  ]);
  const view = await lab.chooseCreate('environment.yml');
  await expect(view.locator('.jp-Envlink-error')).toBeVisible();
  await expect(lab.button(view, 'Create')).toBeDisabled();
  await lab.shot('create-conflict');
});

test('Notebook 7 has the panel and the context menu too', async ({ page }) => {
  await lab.file('notebook7', 'environment.yml', [
    'name: notebook7',
    'dependencies:',
    '  - python=3.11'
  ]);
  // Notebook 7.6 itself throws one while it loads its settings.
  const errors: string[] = [];
  const tree = await page.context().newPage();
  tree.on('pageerror', error => errors.push(String(error.stack)));
  await tree.goto('/tree/notebook7');
  const file = tree.locator('.jp-DirListing-item', {
    hasText: 'environment.yml'
  });
  await file.click({ button: 'right' });
  await tree.getByRole('menuitem', { name: 'Create environment…' }).click();
  const view = tree.locator('.jp-Envlink-createWidget');
  await expect(view).toContainText('ipykernel');
  await expect(view.locator('.cm-content')).toContainText('python=3.11');
  await lab.shot('notebook7-create', tree);
  await tree.evaluate(() =>
    window.jupyterapp.commands.execute('jupyter_envlink:open-panel')
  );
  const panel = tree.locator('#jp-envlink-panel');
  await expect(panel).toBeVisible();
  await expect(panel).toContainText('Environments');
  await lab.shot('notebook7', tree);
  expect(errors.filter(each => each.includes('envlink'))).toEqual([]);
  await tree.close();
});
