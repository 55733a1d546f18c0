import type { IJupyterLabPageFixture } from '@jupyterlab/galata';
import { expect, test } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';

import { Lab } from './lab';

// The whole loop without a mouse: begun, made, used, looked at, removed and brought back. What each view has of its own
// for the keyboard is in its own journeys.
test.use({ autoGoto: false, kernels: null, mockState: true, sessions: null });

const DONE = 90 * 1000;

/** Another one for each try. */
const NAME = `by-keys-${Date.now() % 1_000_000}`;

test.setTimeout(4 * DONE);

/** Run a command as whoever knows its name does. */
async function fromPalette(
  page: IJupyterLabPageFixture,
  label: string
): Promise<void> {
  await page.keyboard.press('Control+Shift+c');
  const input = page.locator('#modal-command-palette .lm-CommandPalette-input');
  await expect(input).toBeFocused();
  await page.keyboard.type(label);
  await expect(
    page.locator('#modal-command-palette .lm-CommandPalette-item.lm-mod-active')
  ).toContainText(label);
  await page.keyboard.press('Enter');
  await expect(input).toBeHidden();
}

/** Go on with Tab until something has the focus: it can be reached, and the focus is never nowhere on the way. */
async function reach(
  page: IJupyterLabPageFixture,
  wanted: Locator,
  key = 'Tab'
): Promise<void> {
  await expect(wanted).toBeVisible({ timeout: DONE });
  for (let steps = 0; steps < 60; steps++) {
    if (await wanted.evaluate(node => node === document.activeElement)) {
      return;
    }
    if (await page.locator('.cm-content:focus').count()) {
      await page.keyboard.press('Escape'); // in an editor Tab indents, unless Escape was pressed before
    }
    await page.keyboard.press(key);
  }
  throw new Error('Not reached by Tab');
}

/** Something that can be seen has the focus. */
async function expectFocus(page: IJupyterLabPageFixture): Promise<void> {
  await expect
    .poll(() =>
      page.evaluate(() => {
        const node = document.activeElement;
        return (
          node !== null &&
          node !== document.body &&
          node.getClientRects().length > 0
        );
      })
    )
    .toBe(true);
}

test('an environment is begun, made, used, removed and brought back without a mouse', async ({
  page
}) => {
  await page.goto();
  const lab = new Lab(page);

  await test.step('begun from a list of packages', async () => {
    await fromPalette(page, 'New Environment');
    const begin = page.locator('.jp-Envlink-beginContent:visible');
    await expect(begin.getByRole('tab').first()).toBeFocused();
    await page.keyboard.press('Tab');
    await expectFocus(page);
    // Another way in: the text of a file.
    await reach(
      page,
      begin.locator('[role=tab][aria-selected=true]'),
      'Shift+Tab'
    );
    const tab = begin.locator('[data-way="paste"]');
    for (let steps = 0; steps < 6; steps++) {
      if (await tab.evaluate(node => node === document.activeElement)) {
        break;
      }
      await page.keyboard.press('ArrowDown');
    }
    await expect(tab).toBeFocused();
    const text = begin.getByLabel('Text of the file');
    await reach(page, text);
    await page.keyboard.insertText(
      `name: ${NAME}\nchannels: [conda-forge]\ndependencies: [python=3.11]\n`
    );
    const next = begin.locator('button[type=submit]:visible');
    await reach(page, next);
    await page.keyboard.press('Enter');
  });

  await test.step('made', async () => {
    await expect(lab.view).toBeVisible();
    await expectFocus(page);
    await expect(lab.button(lab.view, 'Create')).toBeEnabled({ timeout: DONE });
    await page.keyboard.press('Escape');
    await reach(page, lab.button(lab.view, 'Create'));
    await page.keyboard.press('Enter');
    const job = lab.view.locator('[data-job]');
    await expect(job).toHaveAttribute('data-status', 'succeeded', {
      timeout: DONE
    });
    await expectFocus(page);
  });

  await test.step('used', async () => {
    const open = lab.button(lab.view, 'Open notebook');
    await reach(page, open, 'Shift+Tab');
    await page.keyboard.press('Enter');
    await expect(page.locator('.jp-KernelName:visible')).toContainText(
      `${NAME} (Python 3.11)`,
      { timeout: DONE }
    );
    await expectFocus(page);
  });

  await test.step('removed', async () => {
    await page.keyboard.press('Control+Alt+e');
    await expect(lab.panel).toBeVisible();
    await page.keyboard.type(NAME);
    const row = lab.environment(NAME);
    await expect(row).toBeFocused();
    await page.keyboard.press('Shift+F10');
    const menu = page.locator('.lm-Menu');
    const chosen = menu.locator('.lm-mod-active');
    for (let steps = 0; steps < 20; steps++) {
      await page.keyboard.press('ArrowDown');
      if (/^Remove/.test(await chosen.innerText())) {
        break;
      }
    }
    await page.keyboard.press('Enter');
    await expect(lab.dialog).toContainText('A kernel runs in it');
    await reach(page, lab.button(lab.dialog, 'Remove anyway'));
    await page.keyboard.press('Enter');
    await expect(lab.job(`Remove ${NAME}`)).toHaveAttribute(
      'data-status',
      'succeeded',
      { timeout: DONE }
    );
    await expect(row).toBeHidden();
    await expectFocus(page);
  });

  await test.step('brought back', async () => {
    await reach(page, lab.panel.locator('.jp-Envlink-removed > summary'));
    await page.keyboard.press('Enter');
    const removed = lab.panel.locator(`[data-removed="${NAME}"]`);
    await reach(page, lab.button(removed, 'Restore'));
    await page.keyboard.press('Enter');
    await expect(lab.environment(NAME)).toContainText('Ready', {
      timeout: DONE
    });
    await expectFocus(page);
  });
});

test('the text is made wider without a mouse', async ({ page }) => {
  await page.goto();
  const lab = new Lab(page);
  await page.evaluate(() =>
    window.jupyterapp.commands.execute('jupyter_envlink:create-environment', {
      text: 'name: wider\ndependencies: [python=3.11]\n'
    })
  );
  await expect(lab.button(lab.view, 'Create')).toBeEnabled({ timeout: DONE });
  const handle = lab.view.getByRole('separator', { name: 'Size of the text' });
  await reach(page, handle, 'Shift+Tab');
  const width = async () =>
    (await lab.view.locator('.jp-Envlink-draft').boundingBox())?.width ?? 0;
  const stands = async () => Number(await handle.getAttribute('aria-valuenow'));
  const [before, at] = [await width(), await stands()];
  await page.keyboard.press('ArrowRight');
  await expect.poll(stands).toBe(at + 5);
  expect(await width()).toBeGreaterThan(before + 20);
  await expect(handle).toBeFocused();
  await lab.shots('keyboard-handle');
  await page.keyboard.press('Home');
  // The text keeps what it needs to be read.
  await expect.poll(width).toBe(120);
  expect(await stands()).toBeGreaterThan(0);
  await lab.expectAccessible('.jp-Envlink-createWidget');
  await lab.closeView();
});

test('the picture of the disk is gone through, and leads to why a package is there', async ({
  page
}) => {
  await page.goto();
  const lab = new Lab(page);
  await page.evaluate(async () => {
    const { commands } = window.jupyterapp;
    await commands.execute('jupyter_envlink:open-panel');
  });
  await lab.openEnvironment(lab.panel.locator('[data-environment="bare"]'));
  const shown = page.locator('.jp-EnvlinkView:visible');
  await reach(page, shown.getByRole('tab', { selected: true }));
  await page.keyboard.press('ArrowRight');
  const tiles = shown
    .getByRole('group', { name: /A tile for/ })
    .locator('[data-tile]');
  await reach(page, tiles.first());
  await page.keyboard.press('ArrowRight');
  await expect(tiles.nth(1)).toBeFocused();
  await page.keyboard.press('End');
  await expect(tiles.last()).toBeFocused();
  await page.keyboard.press('Home');
  await lab.shots('keyboard-tiles');
  await lab.expectAccessible('.jp-EnvlinkView');
  const name = await tiles.first().getAttribute('aria-label');
  expect(name).toMatch(/^python: .* only here$/);
  await page.keyboard.press('Enter');
  const opened = shown.getByRole('button', { name: 'python', exact: true });
  await expect(opened).toBeFocused();
  await expect(opened).toHaveAttribute('aria-expanded', 'true');
  await expect(shown.getByRole('region', { name: 'python' })).toBeVisible();
});
