import type { IJupyterLabPageFixture } from '@jupyterlab/galata';
import { expect } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';

import { job } from './answers';
import { ATLAS } from './inside';
import { answerCleanup } from './leftovers';
import { notifications } from './notifications';
import { CLASHING, GOOD, MISTAKEN } from './plans';
import type { IShown } from './steady';
import { BROKEN, open, REMOVED } from './steady';

type Page = IJupyterLabPageFixture;

/** Each tab of a view by the keyboard: its arrows, and what it shows. */
async function* eachTab(view: Locator): AsyncGenerator<string> {
  const tabs = view.getByRole('tab');
  const list = view.getByRole('tablist');
  const upright = (await list.getAttribute('aria-orientation')) === 'vertical';
  const count = await tabs.count();
  expect(count).toBeGreaterThan(1);
  await tabs.first().focus();
  for (let index = 0; index < count; index++) {
    const tab = tabs.nth(index);
    await expect(tab).toBeFocused();
    await expect(tab).toHaveAttribute('aria-selected', 'true');
    await expect(view.getByRole('tabpanel')).not.toBeEmpty();
    yield (await tab.innerText()).trim().toLowerCase().replace(/\W+/g, '-');
    await tab.focus();
    await tab.press(upright ? 'ArrowDown' : 'ArrowRight');
  }
}

async function* environments(page: Page): AsyncGenerator<IShown> {
  const lab = await open(page);
  const view = page.locator('.jp-EnvlinkView:visible');
  const show = (id: unknown) => lab.execute('open-environment', { id });
  await show(ATLAS.id);
  await expect(view.getByRole('tab').first()).toBeVisible();
  for await (const tab of eachTab(view)) {
    await expect(view).not.toContainText(/(Reading|Measuring)[^…]*…/);
    yield { name: `environment-${tab}`, view };
    if (tab === 'packages') {
      await view.getByRole('button', { name: 'traitlets' }).click();
      await expect(view.locator('.jp-EnvlinkView-chains')).toBeVisible();
      yield { name: 'environment-why', view };
    }
    if (tab === 'jobs') {
      await lab.button(view, 'Show log').first().click();
      await expect(view.getByRole('log')).toContainText('No matching');
      yield { name: 'environment-log', view };
    }
  }
  await show(BROKEN.id);
  await expect(view).toContainText('Broken');
  yield { name: 'environment-broken', view };
  await show(REMOVED.environment_id);
  await expect(view).toContainText('old-course was removed.');
  yield { name: 'environment-removed', view };
}

async function* beginnings(page: Page): AsyncGenerator<IShown> {
  const lab = await open(page);
  await lab.execute('new-environment');
  const view = page.locator('.jp-Envlink-beginContent:visible');
  await expect(view.getByRole('tab').first()).toBeFocused();
  for await (const tab of eachTab(view)) {
    yield { name: `begin-${tab}`, view };
  }
}

async function* creations(page: Page): AsyncGenerator<IShown> {
  const lab = await open(page);
  const { view } = lab;
  const solution = view.locator('.jp-Envlink-solution');
  const filename = 'environment.yml';
  await lab.execute('open-file', { text: GOOD, filename });
  await expect(solution).toContainText('3 to install');
  yield { name: 'create-plan', view };

  await lab.execute('open-file', { text: CLASHING, filename });
  await expect(view.locator('.cm-lintRange-error')).toHaveCount(2);
  yield { name: 'create-conflict', view };

  await lab.execute('open-file', { text: MISTAKEN, filename });
  await expect(view.locator('.cm-lint-marker-error')).toBeVisible();
  await expect(view.locator('.cm-content')).toBeFocused();
  yield { name: 'create-mistake', view };

  const update = { operation: 'update', id: ATLAS.id };
  await lab.execute('open-file', { ...update, text: GOOD, filename });
  await expect(solution).toContainText('1 to upgrade');
  yield { name: 'create-update', view };
}

async function* cleaning(page: Page): AsyncGenerator<IShown> {
  const lab = await open(page);
  const view = page.locator('.jp-Envlink-cleanup:visible');
  await lab.execute('clean-up');
  await expect(view.getByRole('status')).toContainText('could be freed');
  yield { name: 'cleanup', view };

  await answerCleanup(page, []);
  await lab.button(view, 'Look again').click();
  await expect(view).toContainText('There is nothing to clean up.');
  yield { name: 'cleanup-nothing', view };
}

async function* logs(page: Page): AsyncGenerator<IShown> {
  const lab = await open(page);
  const view = page.locator('.jp-Envlink-jobView:visible');
  for (const status of ['failed', 'running']) {
    await lab.execute('show-log', { id: job(status).id });
    await expect(view.getByRole('log')).toContainText('No matching');
    yield { name: `log-${status}`, view };
  }
}

async function* removed(page: Page): AsyncGenerator<IShown> {
  await page.setViewportSize({ width: 1280, height: 1200 });
  const lab = await open(page);
  await lab.openPanel();
  await lab.panel.getByText('Recently removed').click();
  await expect(lab.panel).toContainText('It can be restored until');
  yield { name: 'panel-removed', view: lab.panel };
}

/** Every view of the main area in its states, each as it comes to the front. */
export const SHOWN: {
  [what: string]: (page: Page) => AsyncGenerator<IShown>;
} = {
  "an environment's own view": environments,
  'the ways to begin': beginnings,
  'a file and what would come of it': creations,
  'what may go from the disk': cleaning,
  'the log of a job': logs,
  'what was removed': removed,
  notifications
};
