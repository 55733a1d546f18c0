import type { IJupyterLabPageFixture } from '@jupyterlab/galata';
import { expect, test } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';
import * as fs from 'fs';
import * as path from 'path';

import { HOME, Lab } from './lab';

test.use({ autoGoto: false, mockState: true });

let lab: Lab;

test.beforeEach(async ({ page }) => {
  await page.goto();
  lab = new Lab(page);
});

/** Begin to make an environment that needs a package which takes its time. */
async function startSlow(name: string): Promise<Locator> {
  await lab.file(name, 'environment.yml', [
    `name: ${name}`,
    'channels:',
    `  - ${process.env.ENVLINK_SLOW_CHANNEL}/conda-forge`,
    'dependencies:',
    '  - python=3.11',
    '  - envlink-slow'
  ]);
  await create();
  const job = lab.job(`Create ${name}`);
  await expect(job.locator('.jp-Envlink-phase')).toHaveText(
    'Downloading packages',
    { timeout: 30 * 1000 }
  );
  return job;
}

async function create(): Promise<void> {
  const view = await lab.chooseCreate('environment.yml');
  await lab.button(view, 'Create').click();
  await lab.openPanel();
}

async function ended(job: Locator, status: string): Promise<void> {
  await expect(job).toHaveAttribute('data-status', status, {
    timeout: 60 * 1000
  });
}

/** The notification of a job in the notification centre. */
async function notification(
  page: IJupyterLabPageFixture,
  said: string
): Promise<Locator> {
  await page.locator('.jp-Notification-Status').click();
  return page.locator('.jp-Notification-List-Item').filter({ hasText: said });
}

test('a job shows its phases, bytes, package and time, and is cancelled from its notification', async ({
  page
}) => {
  const job = await startSlow('volcano');
  const phases = job.getByRole('list', { name: 'Phases' });
  await expect(phases.locator('[data-is="current"]')).toHaveText(
    /Downloading packages/
  );
  await expect(phases.locator('[data-is="done"]')).toHaveText(/Solving/);
  await expect(phases.locator('[data-is="to-come"]')).toHaveCount(3);
  await expect(job).toContainText(/\d [kM]B of \d.* MB/);
  await expect(job.locator('.jp-Envlink-package')).toHaveText('envlink-slow');
  const timer = job.getByRole('timer');
  const before = await timer.textContent();
  await expect(timer).not.toHaveText(before ?? '');
  const status = page.locator('.jp-Envlink-statusButton');
  await expect(status).toHaveText(/1 · \d+ %/);
  await lab.expectAccessible('#jp-envlink-panel', 'job-progress');
  await lab.expectAccessible('#jp-main-statusbar');

  const said = await notification(page, 'Create volcano');
  await expect(said).toContainText('Downloading packages');
  await lab.shots('job-notification');
  await said.getByRole('button', { name: 'Cancel' }).click();
  await ended(job, 'cancelled');
  await expect(status).toBeHidden();
  expect(fs.existsSync(path.join(HOME, 'envs', 'volcano'))).toBe(false);
});

test('the status bar leads to the jobs, and the panel of what runs cancels them', async ({
  page
}) => {
  const job = await startSlow('glacier');
  await page.sidebar.openTab('filebrowser');
  await page.locator('.jp-Envlink-statusButton').click();
  await expect(job).toBeVisible();
  await page.sidebar.openTab('jp-running-sessions');
  const item = page
    .locator('.jp-RunningSessions-item')
    .filter({ hasText: 'Create glacier' });
  await expect(item).toContainText('Downloading packages, ');
  await lab.shots('job-running-panel');
  await item.hover();
  await item.locator('.jp-RunningSessions-itemShutdown').click();
  await lab.openPanel();
  await ended(job, 'cancelled');
});

test('two tabs and a reload show the same job', async ({ page, context }) => {
  const job = await startSlow('delta');
  const other = await context.newPage();
  await other.goto(page.url());
  await other.waitForSelector('#jupyterlab-splash', { state: 'detached' });
  await other.locator('[data-id="jp-envlink-panel"]').click();
  const same = other
    .locator('#jp-envlink-panel [data-job]')
    .filter({ hasText: 'Create delta' })
    .first();
  await expect(same).toHaveAttribute('data-status', 'running');
  const id = await job.getAttribute('data-job');
  expect(await same.getAttribute('data-job')).toBe(id);
  await expect(same.locator('progress')).toHaveAttribute('value', /[1-9]/);
  await same
    .locator('button')
    .filter({ hasText: /^Cancel$/ })
    .click();
  await ended(job, 'cancelled');
  await other.close();
  await page.reload({ waitForIsReady: false });
  await page.waitForSelector('#jupyterlab-splash', { state: 'detached' });
  await lab.openPanel();
  await ended(lab.job('Create delta'), 'cancelled');
});

test('a job that fails says why, for as long as nobody has seen it, and is tried again', async ({
  page
}) => {
  await lab.file('broken', 'environment.yml', [
    'name: broken',
    'channels:',
    '  - conda-forge',
    'dependencies:',
    '  - python=3.11',
    '  - pip',
    '  - pip:',
    '      - no-such-package-of-anybody'
  ]);
  await create();
  const job = lab.job('Create broken');
  await ended(job, 'failed');
  await expect(job.getByRole('alert')).toContainText(
    'no-such-package-of-anybody'
  );
  const toast = page
    .locator('.Toastify__toast')
    .filter({ hasText: 'Create broken' });
  await expect(toast).toBeVisible();
  const since = Date.now();
  await lab.shots('job-failed');
  await toast.getByRole('button', { name: 'Show log' }).click();
  const view = page.locator('.jp-Envlink-jobView:visible');
  await expect(view.getByRole('log')).toContainText(
    'no-such-package-of-anybody'
  );
  await lab.expectAccessible('.jp-Envlink-jobView');
  // It outlasts what others are shown for.
  await page.waitForTimeout(Math.max(0, since + 11 * 1000 - Date.now()));
  await expect(toast).toBeVisible();
  await lab.button(view, 'Retry').click();
  await lab.openPanel();
  await ended(lab.job('Create broken'), 'failed');
  expect(fs.existsSync(path.join(HOME, 'envs', 'broken'))).toBe(false);
});

/** What a worker that has much to say has written. */
function longLog(id: string, count: number): void {
  const file = path.join(HOME, 'data', 'envlink', 'jobs', id, 'events.jsonl');
  const lines = Array.from({ length: count }, (_, index) =>
    JSON.stringify({
      time: '2026-11-23T12:00:02.000Z',
      kind: 'line',
      text:
        index % 1000 === 777
          ? `needle ${index} in the hay`
          : `linking package ${index} of ${count}`
    })
  );
  fs.appendFileSync(file, lines.join('\n') + '\n');
}

test('a log of a hundred thousand lines is smooth, searched and copied, and is there after a reload', async ({
  page,
  context
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await lab.openPanel();
  const job = page.locator('[data-job][data-status="failed"]').first();
  const id = (await job.getAttribute('data-job')) ?? '';
  longLog(id, 100_000);
  await lab.button(job, 'Show log').click();
  const inPanel = job.getByRole('log');
  await expect(inPanel).toContainText('linking package 99999 of 100000', {
    timeout: 60 * 1000
  });
  await lab.shots('log-in-panel');
  await lab.button(job, 'Open in a tab').click();
  const view = page.locator('.jp-Envlink-jobView:visible');
  const log = view.getByRole('log');
  await expect(log).toContainText('linking package 99999 of 100000');
  expect(await log.locator('[data-line]').count()).toBeLessThan(150);

  const slowest = await log.evaluate(async node => {
    let worst = 0;
    for (let step = 0; step < 40; step++) {
      const begin = performance.now();
      node.scrollTop = (node.scrollHeight / 40) * step;
      await new Promise(resolve => requestAnimationFrame(() => resolve(null)));
      await new Promise(resolve => requestAnimationFrame(() => resolve(null)));
      worst = Math.max(worst, performance.now() - begin);
    }
    return worst;
  });
  console.log(`log of 100000 lines: slowest step ${Math.round(slowest)} ms`);
  expect(slowest).toBeLessThan(250);

  const find = view.getByLabel(/^Find in the log/);
  await log.focus();
  await page.keyboard.press('Control+f');
  await expect(find).toBeFocused();
  await page.keyboard.type('needle');
  await expect(view.locator('.jp-Envlink-logSaid')).toHaveText(/^\d+ of 100$/);
  await page.keyboard.press('Enter');
  await expect(view.locator('mark.jp-mod-current')).toBeVisible();
  await lab.expectAccessible('.jp-Envlink-jobView', 'log-search');

  await log.focus();
  await page.keyboard.press('Control+a');
  await lab.button(view, 'Copy selection').click();
  await find.fill('');
  await expect(view.locator('.jp-Envlink-logSaid')).toHaveText(
    /^100,?\d{3} lines copied$/
  );
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied.split('\n').length).toBeGreaterThan(100_000);
  expect(copied).toContain('needle 777 in the hay');
});
