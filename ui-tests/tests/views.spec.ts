import type { IJupyterLabPageFixture } from '@jupyterlab/galata';
import { expect, test } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';

import { Lab, makeBare } from './lab';
import { expectNothingCutOff, turned, zoomed } from './room';

// The views of the main area, for everybody. What is in them is looked at in the journeys of each.
test.use({ autoGoto: false, mockState: true });

test.beforeAll(makeBare);

let lab: Lab;

test.beforeEach(async ({ page }) => {
  await page.goto();
  lab = new Lab(page);
  await lab.openPanel();
  await expect(lab.environment('bare')).toBeVisible();
});

/** Look at what is in front as everybody would. */
async function forEverybody(
  page: IJupyterLabPageFixture,
  view: Locator,
  selector: string,
  name: string
): Promise<void> {
  await lab.expectAccessible(selector);
  await lab.shots(`view-${name}`);
  await turned(page, async () => {
    await expectNothingCutOff(view);
    await lab.shot(`view-${name}-rtl`);
  });
  await zoomed(page, async () => {
    await expectNothingCutOff(view);
    await lab.shot(`view-${name}-zoomed`);
  });
}

/** Each tab of a view by the keyboard: its arrows, and what it shows. */
async function eachTab(
  view: Locator,
  look: (name: string) => Promise<void>
): Promise<void> {
  const tabs = view.getByRole('tab');
  const count = await tabs.count();
  expect(count).toBeGreaterThan(1);
  await tabs.first().focus();
  for (let index = 0; index < count; index++) {
    const tab = tabs.nth(index);
    await expect(tab).toBeFocused();
    await expect(tab).toHaveAttribute('aria-selected', 'true');
    await look(
      (await tab.innerText()).trim().toLowerCase().replace(/\W+/g, '-')
    );
    await tab.focus();
    const sideways =
      (await view.getByRole('tablist').getAttribute('aria-orientation')) !==
      'vertical';
    await tab.press(sideways ? 'ArrowRight' : 'ArrowDown');
  }
}

test('an environment of its own is for everybody', async ({ page }) => {
  test.slow();
  const id = await lab.environment('bare').getAttribute('data-environment-id');
  await page.evaluate(
    environment =>
      window.jupyterapp.commands.execute('jupyter_envlink:open-environment', {
        id: environment
      }),
    id
  );
  const view = page.locator('.jp-EnvlinkView:visible');
  await expect(view.getByRole('tab').first()).toBeVisible();
  await eachTab(view, async name => {
    await expect(view.getByRole('tabpanel')).not.toBeEmpty();
    await forEverybody(page, view, '.jp-EnvlinkView', `environment-${name}`);
  });
});

test('the ways to begin are for everybody', async ({ page }) => {
  test.slow();
  await page.evaluate(() =>
    window.jupyterapp.commands.execute('jupyter_envlink:new-environment')
  );
  const view = page.locator('.jp-Envlink-beginContent:visible');
  await expect(view.getByRole('tab').first()).toBeVisible();
  await eachTab(view, async name => {
    await expect(view.getByRole('tabpanel')).not.toBeEmpty();
    await forEverybody(page, view, '.jp-Envlink-beginContent', `begin-${name}`);
  });
});
