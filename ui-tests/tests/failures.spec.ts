import type { IJupyterLabPageFixture } from '@jupyterlab/galata';
import { expect, test } from '@jupyterlab/galata';
import type { Browser, Page } from '@playwright/test';
import * as fs from 'fs';
import * as path from 'path';

import { HOME, Lab } from './lab';
import { OwnServer } from './own-server';
import { venv } from './terminal';

// What fails between the page and the server. A mistake in a file and a conflict are in journeys.spec.ts and
// conflicts.spec.ts, cancelling in journeys.spec.ts, pip that fails and one job in two tabs in jobs.spec.ts.

/** The page asks again after two seconds, then ever more seldom, at least every thirty. */
const BACK = 60 * 1000;

const PANEL = '#jp-envlink-panel';

const server = new OwnServer();

test.setTimeout(4 * BACK);

test.afterEach(() => server.kill());

/** JupyterLab without Galata's stand-ins, as a person opens it. */
async function open(
  browser: Browser,
  query = ''
): Promise<{ lab: Lab; tab: Page }> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 }
  });
  const tab = await context.newPage();
  await closesWhatJupyterLabSays(tab);
  await enter(tab, query);
  const lab = new Lab(tab as unknown as IJupyterLabPageFixture);
  await tab.evaluate(() =>
    window.jupyterapp.commands.execute('jupyter_envlink:open-panel')
  );
  await expect(lab.panel).toBeVisible();
  return { lab, tab };
}

async function enter(tab: Page, query: string): Promise<void> {
  await tab.goto(`${server.url}/lab/workspaces/failures?reset&${query}`);
  await tab.locator('li[data-id="jp-envlink-panel"]').waitFor();
}

/** JupyterLab says in a dialog of its own, sooner or later, that the connection is lost: a person closes it. */
async function closesWhatJupyterLabSays(tab: Page): Promise<void> {
  await tab.addLocatorHandler(
    tab.locator('.jp-Dialog', { hasText: 'Server Connection Error' }),
    dialog => dialog.getByRole('button', { name: 'Close' }).click()
  );
}

/** Another one for each try, as the home may be that of an earlier one. */
const outlived = `outlived-${Date.now() % 1_000_000}`;

test('a server that is killed and started again: the panel says so, and is back with the job by itself', async ({
  browser
}) => {
  await server.start('killed');
  const { lab, tab } = await open(browser);
  await expect(lab.environment('bare')).toBeVisible();
  fs.mkdirSync(path.join(HOME, 'project', outlived), { recursive: true });
  fs.writeFileSync(
    path.join(HOME, 'project', outlived, 'environment.yml'),
    [
      `name: ${outlived}`,
      `channels: ['${process.env.ENVLINK_SLOW_CHANNEL}/conda-forge']`,
      'dependencies: [python=3.11, envlink-slow]',
      ''
    ].join('\n')
  );
  const started = await tab.request.post(
    `${server.url}/envlink/api/environments`,
    { data: { path: `${outlived}/environment.yml` } }
  );
  expect(started.status(), await started.text()).toBe(202);
  const job = lab.job(`Create ${outlived}`);
  await expect(job).toHaveAttribute('data-status', 'running');

  await server.kill();
  const said = lab.panel.getByText('The Jupyter server does not answer.');
  await expect(said.first()).toBeVisible({ timeout: BACK });
  await expect(
    lab.panel.getByText(/Check that it is running/).first()
  ).toBeVisible();
  // What was known stays in sight.
  await expect(lab.environment('bare')).toBeVisible();
  // No other theme: that could not be saved. The same state is looked at in both in everybody.spec.ts.
  await lab.shot('failure-stopped');

  await server.start('killed');
  await expect(said).toHaveCount(0, { timeout: BACK });
  await expect(lab.environment('bare')).toBeVisible();
  await expect(job).toHaveAttribute('data-status', /running|succeeded/);
  await lab.shot('failure-back');
  if ((await job.getAttribute('data-status')) === 'running') {
    await lab.button(job, 'Cancel').click();
    await expect(job).toHaveAttribute('data-status', /cancelled|succeeded/, {
      timeout: BACK
    });
  }
  await tab.context().close();
});

test('a token that is not valid any more: the panel says what to do, and is back afterwards', async ({
  browser
}) => {
  await server.start('first', '--IdentityProvider.token=first');
  const { lab, tab } = await open(browser, 'token=first');
  await expect(lab.environment('bare')).toBeVisible();

  await server.kill();
  await server.start('second', '--IdentityProvider.token=second');
  const said = lab.panel.getByText(/not logged in to the server any more/);
  await lab.panel.locator('[data-command="jupyter_envlink:refresh"]').click();
  await expect(said.first()).toBeVisible({ timeout: BACK });
  await expect(lab.panel.getByText(/Log in again/).first()).toBeVisible();
  await lab.shot('failure-token');

  const other = await tab.context().newPage();
  await enter(other, 'token=second');
  await expect(said).toHaveCount(0, { timeout: BACK });
  await expect(lab.environment('bare')).toBeVisible();
  await tab.context().close();
});

test('a server without the extension: the panel says how to have it', async ({
  browser
}) => {
  const off = '--ServerApp.jpserver_extensions={"jupyter_envlink": False}';
  await server.start('without', off);
  const { lab, tab } = await open(browser);
  await expect(
    lab.panel.getByText(/is not installed, or not enabled/).first()
  ).toBeVisible();
  await expect(
    lab.panel.getByText(/pip install jupyter_envlink/).first()
  ).toBeVisible();
  await lab.expectAccessible(PANEL, 'failure-without');

  await server.kill();
  await server.start('without');
  await expect(lab.environment('bare')).toBeVisible({ timeout: BACK });
  await tab.context().close();
});

test('two tabs show the same list, and what is done in one is in the other', async ({
  browser
}) => {
  venv('two-tabs', 'ipykernel');
  await server.start('tabs');
  const { lab, tab } = await open(browser);
  const second = await tab.context().newPage();
  await second.goto(`${server.url}/lab/workspaces/other?reset`);
  await second.locator('li[data-id="jp-envlink-panel"]').waitFor();
  await second.evaluate(() =>
    window.jupyterapp.commands.execute('jupyter_envlink:open-panel')
  );
  const other = new Lab(second as unknown as IJupyterLabPageFixture);
  for (const each of [lab, other]) {
    await expect(each.environment('two-tabs')).toContainText('Ready');
  }
  const id = await lab
    .environment('two-tabs')
    .getAttribute('data-environment-id');
  const run = (where: Page, command: string) =>
    where.evaluate(
      ([name, environment]) =>
        window.jupyterapp.commands.execute(`jupyter_envlink:${name}`, {
          id: environment
        }),
      [command, id] as const
    );
  await run(tab, 'detach');
  for (const each of [lab, other]) {
    await expect(each.environment('two-tabs')).toContainText('Detached');
  }
  await lab.shot('failure-two-tabs', second);
  await run(second, 'attach');
  await expect(lab.environment('two-tabs')).toContainText('Ready');
  await tab.context().close();
});

test('on a slow network what is known stays in sight, and one press is one request', async ({
  browser
}) => {
  await server.start('slow');
  const { lab, tab } = await open(browser);
  await expect(lab.environment('bare')).toBeVisible();
  const network = await tab.context().newCDPSession(tab);
  await network.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 3000,
    downloadThroughput: 20_000,
    uploadThroughput: 20_000
  });
  const asked: string[] = [];
  tab.on('request', request => {
    if (/envlink\/api\/environments(\?|$)/.test(request.url())) {
      asked.push(request.url());
    }
  });
  const refresh = lab.panel.locator('[data-command="jupyter_envlink:refresh"]');
  const answered = tab.waitForResponse(/envlink\/api\/environments(\?|$)/);
  await refresh.click();
  await refresh.click();
  await refresh.click();
  await tab.waitForTimeout(1000);
  await expect(lab.environment('bare')).toBeVisible();
  // Those that come while one is under way are one more, afterwards.
  expect(asked).toHaveLength(1);
  await answered;
  await expect.poll(() => asked.length).toBe(2);
  await tab.waitForResponse(/envlink\/api\/environments(\?|$)/);
  await expect(lab.environment('bare')).toBeVisible();
  expect(asked).toHaveLength(2);
  await tab.context().close();
});
