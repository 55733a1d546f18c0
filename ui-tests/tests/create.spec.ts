import { expect, test } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';
import * as fs from 'fs';
import * as path from 'path';

import { HOME, Lab } from './lab';

test.use({ autoGoto: false, mockState: true });

const DONE = 90 * 1000;

/** The selector of the view in front. */
const VIEW = '.jp-Envlink-createWidget';

let lab: Lab;

test.beforeEach(async ({ page }) => {
  await page.goto();
  lab = new Lab(page);
});

function read(file: string): string {
  return fs.readFileSync(path.join(HOME, 'project', file), 'utf-8');
}

function write(file: string, text: string): void {
  fs.writeFileSync(path.join(HOME, 'project', file), text);
}

/** The text that is shown, which CodeMirror draws line by line. */
async function shown(view: Locator): Promise<string> {
  return (await view.locator('.cm-line').allInnerTexts())
    .map(line => line.replace('\n', ''))
    .join('\n');
}

/** Press the button of the toolbar that saves. */
async function save(view: Locator): Promise<void> {
  await view.locator('[data-command="jupyter_envlink:save-file"]').click();
}

/** Open a text that is no file. */
async function openText(text: string): Promise<Locator> {
  await lab.page.evaluate(
    text =>
      window.jupyterapp.commands.execute('jupyter_envlink:create-environment', {
        text
      }),
    text
  );
  await expect(lab.view).toBeVisible();
  return lab.view;
}

test('a bad file is mended, saved and made by the keyboard alone', async ({
  page
}) => {
  const file = await lab.file('keyboard', 'environment.yml', [
    'name: keyboard',
    'channels:',
    '  - conda-forge',
    'dependencies:',
    '  - python: 3.11',
    "  - humanize;python_version>'3'",
    'prefix: /home/somebody/envs/keyboard'
  ]);
  const view = await lab.chooseCreate('environment.yml');
  const tip = page.locator('.jp-Envlink-tip');
  await expect(view.locator('.cm-lintRange-error')).toHaveCount(2);
  await expect(view.locator('.cm-lint-marker-error')).toHaveCount(2);
  await expect(view.locator('.cm-lint-marker-warning')).toHaveCount(1);
  await expect(view.locator('.cm-content')).toBeFocused();
  await expect(lab.button(view, 'Create')).toBeDisabled();
  await expect(view).toContainText('There are 2 errors in the file.');
  await lab.expectAccessible(VIEW, 'create-view-bad');

  const mend = async (label: string) => {
    await page.keyboard.press('Control+.');
    await expect(lab.button(tip, label)).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(tip).toHaveCount(0);
    await expect(view.locator('.cm-content')).toBeFocused();
  };
  await page.keyboard.press('Control+.');
  await expect(tip).toContainText('Did you mean python=3.11?');
  await lab.expectAccessible('.jp-Envlink-tip', 'create-view-tip');
  await page.keyboard.press('Escape');
  await expect(tip).toHaveCount(0);
  await mend('Fix: python=3.11');
  await expect(view.locator('.cm-lintRange-error')).toHaveCount(1);
  await page.keyboard.press('F8');
  await expect(tip).toContainText("a condition after ';' is pip's");
  await mend('Fix: Move it .*');
  await expect(view.locator('.cm-lintRange-error')).toHaveCount(0);
  await page.keyboard.press('F8');
  await mend('Fix: remove it');
  await expect(view.locator('.cm-lint-marker')).toHaveCount(0);

  const tab = page.locator('.lm-TabBar-tab', { hasText: 'environment.yml' });
  await expect(tab).toHaveClass(/jp-mod-dirty/);
  await page.keyboard.press('Control+s');
  await expect(tab).not.toHaveClass(/jp-mod-dirty/);
  expect(read(file)).toContain('  - python=3.11\n');
  expect(read(file)).toContain("      - humanize;python_version>'3'\n");
  expect(read(file)).not.toContain('prefix:');

  await expect(lab.button(view, 'Create')).toBeEnabled({ timeout: DONE });
  await expect(view.locator('.jp-Envlink-solution')).toContainText(
    /\d+ to install\. .* to download/
  );
  // Escape, then Tab leaves a text.
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  await expect(view.getByRole('separator')).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(view.getByLabel('Name')).toBeFocused();
  await page.keyboard.press('Enter');
  const job = view.locator('[data-job]');
  await expect(job.locator('progress')).toBeVisible();
  await expect(job).toContainText(/\d+ %/);
  await lab.expectAccessible(VIEW, 'create-view-running');
  await expect(job).toHaveAttribute('data-status', 'succeeded', {
    timeout: DONE
  });
  await lab.expectAccessible(VIEW, 'create-view-done');
  await lab.button(job, 'Open notebook').focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('.jp-KernelName:visible')).toContainText(
    'keyboard (Python 3.11)'
  );
});

test('the plan follows what is typed, and what is made is what is shown', async ({
  page
}) => {
  const lines = [
    'name: typed',
    'channels: [conda-forge]',
    'dependencies:',
    '  - python=3.11'
  ];
  const file = await lab.file('typed', 'environment.yml', lines);
  const view = await lab.chooseCreate('environment.yml');
  const said = view.locator('.jp-Envlink-solution');
  await expect(said).toContainText(/\d+ to install/);
  const before = await said.textContent();
  const abandoned: string[] = [];
  page.on('requestfailed', request => abandoned.push(request.url()));
  await view.locator('.cm-line', { hasText: 'python=3.11' }).click();
  await page.keyboard.press('End');
  await page.keyboard.type('\n- tabul');
  await expect(view).toContainText('line 5');
  await page.keyboard.type('ate=0.8.9');
  await expect(view.locator('.jp-Envlink-news')).toHaveText(
    'Now with tabulate 0.8.9.'
  );
  await expect(said).not.toHaveText(before ?? '');
  await lab.expectAccessible(VIEW, 'create-view-typed');
  await lab.button(view, 'Create').click();
  await expect(view.locator('[data-job]')).toHaveAttribute(
    'data-status',
    'succeeded',
    { timeout: DONE }
  );
  // It was made from the text as it is here; the file is still as it was.
  expect(read(file)).toBe(lines.join('\n') + '\n');
  expect(
    fs.readdirSync(path.join(HOME, 'envs', 'typed', 'conda-meta')).join(' ')
  ).toContain('tabulate-0.8.9');

  await test.step('opening the file again shows the same view', async () => {
    await lab.chooseCreate('environment.yml');
    await expect(page.locator(VIEW)).toHaveCount(1);
    expect(await shown(view)).toContain('- tabulate=0.8.9');
  });
});

test('solving is stopped, and begun again', async ({ page }) => {
  let isHeld = true;
  await page.route(/envlink\/api\/plan/, async route => {
    const isSolve = route.request().postDataJSON().solve;
    // As a channel that does not answer.
    while (isSolve && isHeld) {
      await new Promise(resolve => setTimeout(resolve, 100));
    }
    await route.continue().catch(() => undefined);
  });
  await lab.file('stopped', 'environment.yml', [
    'name: stopped',
    'channels: [conda-forge]',
    'dependencies: [python=3.11]'
  ]);
  const view = await lab.chooseCreate('environment.yml');
  await expect(view).toContainText('Solving… 2 s');
  await lab.expectAccessible(VIEW, 'create-view-solving');
  await lab.button(view, 'Stop').click();
  await expect(view.locator('.jp-Envlink-solution')).toContainText(
    'it was stopped'
  );
  await lab.expectAccessible(VIEW);
  isHeld = false;
  await lab.button(view, 'Solve again').click();
  await expect(view.locator('.jp-Envlink-solution')).toContainText(
    /\d+ to install/
  );
  await expect(lab.button(view, 'Stop')).toHaveCount(0);
});

test('a conflict is underlined where it is, and mended there', async ({
  page
}) => {
  await lab.file('clash-here', 'environment.yml', [
    'name: clash-here',
    'channels: [conda-forge]',
    'dependencies:',
    '  - envlink-conflict-a',
    '  - tabulate=0.9  # the newest'
  ]);
  const view = await lab.chooseCreate('environment.yml');
  const marked = view.locator('.cm-lintRange-error');
  await expect(marked).toHaveText(['envlink-conflict-a', 'tabulate=0.9']);
  await expect(lab.button(view, 'Create')).toBeDisabled();
  await marked.nth(1).hover();
  const tip = page.locator('.cm-tooltip-lint');
  await expect(tip).toContainText('Line 5 asks for tabulate=0.9');
  await lab.shots('create-view-conflict');
  // The tip goes when the theme changes.
  await marked.nth(0).hover();
  await marked.nth(1).hover();
  await lab.button(tip, 'Take another tabulate').click();
  await expect(marked).toHaveCount(0);
  await expect(view.locator('.jp-Envlink-solution')).toContainText(
    /\d+ to install/
  );
  expect(await shown(view)).toContain('  - tabulate  # the newest');
  await test.step('one step back is the text before', async () => {
    await page.keyboard.press('Control+z');
    await expect(marked).toHaveCount(2);
  });
});

test('a text that is no file is there again after a reload, and becomes one', async ({
  page
}) => {
  const text = 'name: fresh\ndependencies:\n  - python=3.11\n';
  let view = await openText(text);
  await expect(view.getByLabel('Name')).toHaveValue('fresh');
  await view.getByLabel('Name').fill('fresh-2027');
  await view.locator('.cm-line').last().click();
  await page.keyboard.type('  - humanize');
  await expect(view.locator('.jp-Envlink-news')).toContainText('humanize');
  await lab.kept('jupyter_envlink_create:', '  - humanize');
  await lab.kept('layout-restorer:data', 'jupyter_envlink_create:');
  await page.reload({ waitForIsReady: false });
  await page.waitForSelector('#jupyterlab-splash', { state: 'detached' });
  view = lab.view;
  await expect(view.getByLabel('Name')).toHaveValue('fresh-2027');
  expect(await shown(view)).toBe(`${text}  - humanize`);

  await save(view);
  const field = lab.dialog.locator('input');
  await field.fill('fresh/environment.yml');
  await lab.button(lab.dialog, 'Save').click();
  await expect(view).toContainText('fresh/environment.yml');
  fs.mkdirSync(path.join(HOME, 'project', 'fresh'), { recursive: true });
  await lab.shots('create-view-save-failed');
  await save(view);
  await field.fill('fresh/environment.yml');
  await lab.button(lab.dialog, 'Save').click();
  await expect(
    page.locator('.lm-TabBar-tab', { hasText: 'environment.yml' })
  ).not.toHaveClass(/jp-mod-dirty/);
  expect(read('fresh/environment.yml')).toBe(`${text}  - humanize`);
});

test('what somebody else has written is not overwritten without a word', async ({
  page
}) => {
  const file = await lab.file('shared-file', 'environment.yml', [
    'name: shared-file',
    'dependencies: [python=3.11]'
  ]);
  const view = await lab.chooseCreate('environment.yml');
  await expect(view.getByLabel('Name')).toHaveValue('shared-file');
  await view.locator('.cm-line').first().click();
  await page.keyboard.type('# mine\n');
  write(file, '# theirs\nname: shared-file\ndependencies: [python=3.11]\n');
  await save(view);
  await expect(view).toContainText('was changed by somebody else');
  expect(read(file)).toContain('# theirs');
  await lab.expectAccessible(VIEW, 'create-view-outdated');
  await lab.button(view, 'Overwrite').click();
  await expect(view).not.toContainText('was changed by somebody else');
  expect(read(file)).toContain('# mine');

  await page.keyboard.press('Control+Home');
  await view.locator('.cm-line').first().click();
  await page.keyboard.type('# again mine\n');
  write(file, '# theirs\nname: shared-file\ndependencies: [python=3.11]\n');
  await page.keyboard.press('Control+s');
  await lab.button(view, 'Take what is on the disk').click();
  await expect(view.locator('.cm-content')).toContainText('# theirs');
  await expect(view.locator('.cm-content')).not.toContainText('mine');
});

test('what failed is mended in the same view, and made', async ({ page }) => {
  await lab.file('failed', 'environment.yml', [
    'name: failed',
    'channels: [conda-forge]',
    'dependencies:',
    '  - python=3.11',
    '  - pip',
    '  - pip: [humanizee]'
  ]);
  const view = await lab.chooseCreate('environment.yml');
  await lab.button(view, 'Create').click();
  const job = view.locator('[data-job]');
  await expect(job).toHaveAttribute('data-status', 'failed', { timeout: DONE });
  await expect(job.locator('.jp-Envlink-error')).toContainText('humanizee');
  await lab.expectAccessible(VIEW, 'create-view-failed');
  await view.locator('.cm-line', { hasText: 'humanizee' }).click();
  await page.keyboard.press('End');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Backspace');
  await expect(view.locator('.cm-content')).toContainText('[humanize]');
  await expect(lab.button(view, 'Create')).toBeEnabled();
  await lab.button(view, 'Create').click();
  await expect(job).toHaveAttribute('data-status', 'succeeded', {
    timeout: DONE
  });
});

test('in a narrow area the plan stands below the text', async ({ page }) => {
  await lab.file('narrow', 'environment.yml', [
    'name: narrow',
    'dependencies: [python=3.11]'
  ]);
  const view = await lab.chooseCreate('environment.yml');
  await expect(view.getByLabel('Name')).toBeVisible();
  await page.setViewportSize({ width: 700, height: 800 });
  const top = async (selector: string) =>
    (await view.locator(selector).boundingBox())!.y;
  await expect
    .poll(
      async () =>
        (await top('.jp-Envlink-paneWidget')) >
        (await top('.jp-Envlink-draft')) + 50
    )
    .toBe(true);
  await lab.expectAccessible(VIEW, 'create-view-narrow');
});
