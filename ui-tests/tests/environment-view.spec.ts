import { expect, test } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';
import * as fs from 'fs';
import * as path from 'path';

import { HOME, Lab } from './lab';

// Kernels, sessions and terminals are the server's own.
test.use({
  autoGoto: false,
  kernels: null,
  mockState: true,
  sessions: null,
  terminals: null
});

const DONE = 90 * 1000;

test.setTimeout(3 * DONE);

const NAME = 'atlas';

const FILE = [
  `name: ${NAME}`,
  'channels:',
  '  - conda-forge',
  'dependencies:',
  '  - python=3.11',
  '  - tabulate=0.8.9',
  '  - pip',
  '  - pip:',
  '      - humanize',
  'variables:',
  '  ATLAS_FOLDER: /srv/atlas',
  '  ATLAS_TOKEN: s3cr3t-value'
];

let lab: Lab;

test.beforeEach(async ({ page }) => {
  await page.goto();
  lab = new Lab(page);
});

function view(): Locator {
  return lab.page.locator('.jp-EnvlinkView:visible');
}

function tab(name: string): Locator {
  return view().getByRole('tab', { name, exact: true });
}

/** Show the view of an environment, as a person at the keyboard does. */
async function open(name = NAME): Promise<Locator> {
  await lab.openPanel();
  await lab.openEnvironment(lab.environment(name));
  await expect(view().getByRole('heading', { level: 2 })).toHaveText(name);
  return view();
}

async function allowClipboard(): Promise<void> {
  const { origin } = new URL(lab.page.url());
  const rights = ['clipboard-read', 'clipboard-write'];
  await lab.page.context().grantPermissions(rights, { origin });
}

function copied(): Promise<string> {
  return lab.page.evaluate(() => navigator.clipboard.readText());
}

async function succeeded(title: string): Promise<void> {
  await expect(lab.job(title)).toHaveAttribute('data-status', 'succeeded', {
    timeout: DONE
  });
}

test('what is in an environment, and why', async ({ page }) => {
  await lab.file(NAME, 'environment.yml', FILE);
  const begun = await lab.chooseCreate('environment.yml');
  await lab.button(begun, 'Create').click();
  await succeeded(`Create ${NAME}`);
  await lab.closeView();
  await expect(lab.card(NAME)).toBeVisible();

  const shown = await open();
  await expect(shown).toContainText(path.join(HOME, 'envs', NAME));
  await expect(shown).toContainText('Python 3.11');
  const rows = shown.locator('tr[data-requested]');
  await expect(rows.first()).toContainText('asked for');
  const asked = await shown
    .locator('tr[data-requested="true"] button')
    .allTextContents();
  expect(asked).toEqual(
    expect.arrayContaining(['humanize', 'python', 'tabulate'])
  );
  const humanize = rows.filter({ hasText: 'humanize' });
  await expect(humanize).toContainText('pip');
  await lab.expectAccessible('.jp-EnvlinkView', 'view-packages');

  // By keyboard alone: from the tab to the filter, to the table, along its rows, and to the reason.
  await tab('Packages').focus();
  const filter = shown.getByRole('searchbox');
  await filter.focus();
  await page.keyboard.type('traitlets');
  await expect(rows).toHaveCount(1);
  await filter.fill('jupyter');
  await expect(rows.nth(1)).toBeVisible();
  const first = rows.nth(0).locator('[data-package]');
  await first.focus();
  await page.keyboard.press('ArrowDown');
  await expect(rows.nth(1).locator('[data-package]')).toBeFocused();
  await page.keyboard.press('Enter');
  const why = shown.locator('.jp-EnvlinkView-why');
  await expect(why).toContainText('came along with what needs it');
  await expect(why.locator('.jp-EnvlinkView-chains')).toContainText(
    'ipykernel'
  );
  await lab.expectAccessible('.jp-EnvlinkView', 'view-why');
  await page.keyboard.press('Enter');
  await expect(why).toBeHidden();

  await filter.fill('');
  await shown.getByRole('button', { name: 'Size' }).click();
  await expect(
    shown.getByRole('columnheader', { name: 'Size' })
  ).toHaveAttribute('aria-sort', 'descending');
  await expect(rows.first()).toContainText('python');
});

test('where its disk goes', async ({ page }) => {
  const shown = await open();
  await tab('Packages').focus();
  await page.keyboard.press('ArrowRight');
  await expect(tab('Disk')).toBeFocused();
  await expect(tab('Disk')).toHaveAttribute('aria-selected', 'true');
  await expect(shown).toContainText('removing it frees that much', {
    timeout: DONE
  });
  await expect(shown).toContainText('Also in the package cache');
  await expect(shown.getByRole('group', { name: /A tile for/ })).toBeVisible();
  const table = shown.locator('.jp-EnvlinkView-disk');
  await expect(table).toContainText('python');
  await expect(table).toContainText('Compiled modules');
  // The header and the list of the server agree with it from now on.
  await expect(shown.locator('.jp-EnvlinkView-header')).toContainText(
    'on the disk'
  );
  await lab.expectAccessible('.jp-EnvlinkView', 'view-disk');

  const bytes = 3_000_000;
  fs.writeFileSync(
    path.join(HOME, 'envs', NAME, 'big.bin'),
    Buffer.alloc(bytes, 'x')
  );
  await lab.button(shown, 'Measure again').click();
  await expect(table.getByRole('row', { name: /Other files/ })).toContainText(
    '3.0 MB',
    { timeout: DONE }
  );
});

test('its exports, variables and kernels', async ({ page }) => {
  const shown = await open();
  await allowClipboard();
  await tab('Exports').click();
  const yml = shown.locator('[data-format="yml"]');
  await yml.getByRole('button', { name: /^Copy/ }).click();
  await expect(shown.getByRole('status')).toContainText('was copied');
  expect(await copied()).toContain('tabulate=0.8.9');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    yml.getByRole('button', { name: /^Download/ }).click()
  ]);
  expect(download.suggestedFilename()).toMatch(/yml$/);
  await lab.expectAccessible('.jp-EnvlinkView', 'view-exports');

  await tab('Variables').click();
  await expect(shown).toContainText('/srv/atlas');
  await expect(shown).toContainText('it looks like a secret');
  await expect(shown).not.toContainText('s3cr3t-value');
  await lab.expectAccessible('.jp-EnvlinkView', 'view-variables');

  await lab.button(shown, 'Open notebook').click();
  await expect(
    page.locator('.jp-Notebook-ExecutionIndicator:visible')
  ).toHaveAttribute('data-status', 'idle', { timeout: DONE });
  await open();
  await tab('Kernels').click();
  const running = shown.locator('[data-kernel]');
  await expect(running).toHaveCount(1);
  await expect(shown).toContainText('ipykernel_launcher');
  await lab.expectAccessible('.jp-EnvlinkView', 'view-kernels');
  await running.getByRole('button', { name: /^Open/ }).click();
  await expect(page.locator('.jp-NotebookPanel:visible')).toBeVisible();
  await open();
  await lab.button(shown, 'Shut down').click();
  await expect(running).toHaveCount(0);
});

test('a terminal in which it is activated', async ({ page }) => {
  const shown = await open();
  await allowClipboard();
  await lab.button(shown, 'Copy path').click();
  await expect(page.locator('.Toastify__toast')).toContainText('was copied');
  expect(await copied()).toBe(path.join(HOME, 'envs', NAME));
  await lab.button(shown, 'Open terminal').click();
  const terminal = page.locator('.jp-Terminal:visible');
  await expect(terminal).toBeVisible();
  await terminal.click();
  const answer = path.join(HOME, 'project', 'answer.txt');
  await page.keyboard.type(
    `python -c "import sys, os; print(sys.prefix, os.environ['ATLAS_FOLDER'])" > '${answer}'\n`
  );
  await expect
    .poll(() => fs.existsSync(answer) && fs.readFileSync(answer, 'utf8'), {
      timeout: DONE
    })
    .toBe(`${path.join(HOME, 'envs', NAME)} /srv/atlas\n`);
  await lab.shot('view-terminal');
  // It would else write its history while what it lies in is deleted.
  await page.keyboard.type('exit\n');
  await expect(terminal).toBeHidden();
});

test('its history and its jobs; a rename is followed, a removal told', async ({
  page
}) => {
  const shown = await open();
  await tab('Jobs').click();
  const job = shown.locator('[data-past-job]');
  await expect(job.first()).toContainText(`Create ${NAME}`);
  await lab.button(job.first(), 'Show log').click();
  await expect(job.getByRole('log')).toContainText('Installing');
  await lab.expectAccessible('.jp-EnvlinkView', 'view-jobs');
  await tab('History').click();
  await expect(shown).toContainText('Revision 0');
  await shown.getByText('Revision 0').click();
  await expect(shown).toContainText('tabulate-0.8.9');
  await lab.expectAccessible('.jp-EnvlinkView', 'view-history');

  await lab.button(shown, 'Rename…').click();
  await lab.dialog.getByLabel('Name', { exact: true }).fill('globe');
  await lab.button(lab.dialog, 'Rename').click();
  await expect(shown.getByRole('heading', { level: 2 })).toHaveText('globe', {
    timeout: DONE
  });
  await expect(
    page.locator('.lm-TabBar-tabLabel', { hasText: 'globe' })
  ).toBeVisible();
  await expect(shown).toContainText('Revision 0');

  await lab.button(shown, 'Remove…').click();
  await lab.button(lab.dialog, 'Remove').click();
  await expect(shown).toContainText('globe was removed.');
  await lab.expectAccessible('.jp-EnvlinkView', 'view-removed');
  await lab.button(shown, 'Restore').click();
  await expect(shown.getByRole('heading', { level: 2 })).toHaveText('globe');
});

test('what is broken says so, and what it holds is shown all the same', async ({
  page
}) => {
  await lab.openPanel();
  const prefix = path.join(HOME, 'envs', 'globe');
  const meta = path.join(prefix, 'conda-meta');
  const [record] = fs
    .readdirSync(meta)
    .filter(each => each.startsWith('tabulate-'));
  fs.writeFileSync(path.join(meta, record), '{ no json');
  const shown = await open('globe');
  await expect(shown).toContainText('could not be read');
  await expect(shown).toContainText(record);
  await expect(
    shown.locator('tr[data-requested]').filter({ hasText: 'tabulate' })
  ).toContainText('0.8.9');
  await lab.expectAccessible('.jp-EnvlinkView', 'view-damaged');

  // The server does not answer what is in it: said, with a way to ask again.
  await page.route('**/envlink/api/environments/*/disk*', route =>
    route.abort()
  );
  await tab('Disk').click();
  await expect(shown.getByRole('alert')).toContainText('does not answer');
  await lab.expectAccessible('.jp-EnvlinkView', 'view-unreachable');
  await page.unroute('**/envlink/api/environments/*/disk*');
  await lab.button(shown, 'Retry').click();
  await expect(shown).toContainText('removing it frees that much', {
    timeout: DONE
  });
});

test('the environment of the server is shown, and why it is left as it is', async () => {
  const name = await lab
    .openPanel()
    .then(() =>
      lab.panel
        .locator('[data-environment]')
        .filter({ hasText: 'server' })
        .getAttribute('data-environment')
    );
  const shown = await open(name ?? '');
  const rows = shown.locator('tr[data-requested]');
  await expect(rows.filter({ hasText: 'jupyter_envlink' })).toContainText(
    'pip'
  );
  const update = lab.button(shown, 'Update…');
  await expect(update).toHaveAttribute('aria-disabled', 'true');
  await expect(update).toHaveAttribute('title', /server runs in it/);
  await tab('History').click();
  await expect(shown).toContainText('It has no history of conda.');
  await tab('Disk').click();
  await expect(shown).toContainText('jupyterlab', { timeout: DONE });
  await lab.expectAccessible('.jp-EnvlinkView');
});

/** How much longer React may take to draw a table than the browser alone does. */
const AT_ONCE = 20;

test('a thousand packages are there at once', async ({ page }) => {
  const one = /environments\/[0-9a-f]{12}(\?|$)/;
  await page.route(one, async route => {
    const detail = await (await route.fetch()).json();
    const [first] = detail.packages;
    detail.packages = Array.from({ length: 1000 }, (_, index) => ({
      ...first,
      name: `package-${index}`
    }));
    await route.fulfill({ json: detail });
  });
  const shown = await open('bare');
  const rows = shown.locator('tr[data-requested]');
  await expect(rows).toHaveCount(1000);
  await tab('Kernels').click();
  const drawn = await tab('Packages').evaluate(async (node: HTMLElement) => {
    const begun = performance.now();
    node.click();
    let table: HTMLElement | null = null;
    while (!(table = document.querySelector('.jp-EnvlinkView-table'))) {
      await new Promise(requestAnimationFrame);
    }
    const height = table.offsetHeight;
    const took = performance.now() - begun;
    // The floor: the browser alone reads the same table and lays it out.
    const copied = performance.now();
    const copy = document.createElement('div');
    copy.innerHTML = table.outerHTML;
    table.parentElement?.append(copy);
    const floor = copy.offsetHeight && performance.now() - copied;
    copy.remove();
    return { height, took, floor };
  });
  expect(drawn.height).toBeGreaterThan(10_000);
  const ratio = drawn.took / drawn.floor;
  console.log(
    `1000 packages drawn in ${Math.round(drawn.took)} ms: ${ratio.toFixed(1)} times what the browser needs alone`
  );
  expect(ratio).toBeLessThan(AT_ONCE);
  await shown.getByRole('searchbox').fill('package-99');
  await expect(rows).toHaveCount(11);
  await page.keyboard.press('Tab');
  await page.unroute(one);
});

test('the view comes back with the page', async ({ page }) => {
  await open('globe');
  await lab.kept('layout-restorer:data', 'jupyter_envlink-environment:');
  await page.reload({ waitForIsReady: false });
  await expect(view().getByRole('heading', { level: 2 })).toHaveText('globe');
});
