import { expect, test } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';
import * as fs from 'fs';
import * as path from 'path';

import { HOME, Lab } from './lab';

// JupyterLab's own menus and settings, where they concern the view of a file and the panel.
test.use({ autoGoto: false, mockState: true });

const LINES = ['name: by-menu', 'dependencies:', '  - python=3.11'];

const read = () =>
  fs.readFileSync(path.join(HOME, 'project/by-menu/environment.yml'), 'utf-8');

/** The names of the items of a toolbar, in their order. */
const items = (toolbar: Locator) =>
  toolbar
    .locator('[data-jp-item-name]:not(.jp-Toolbar-responsive-opener)')
    .evaluateAll(nodes =>
      nodes.map(node => node.getAttribute('data-jp-item-name'))
    );

test('the menus undo, redo and save in the view in front', async ({ page }) => {
  await page.goto();
  const lab = new Lab(page);
  await lab.file('by-menu', 'environment.yml', LINES);
  const view = await lab.chooseCreate('environment.yml');
  const text = view.locator('.cm-content');
  await expect(text).toContainText('python=3.11');
  await text.click();
  await page.keyboard.press('Control+End');
  await page.keyboard.insertText('# mine');
  await page.menu.clickMenuItem('Edit>Undo in the Environment File');
  await expect(text).not.toContainText('# mine');
  await page.menu.clickMenuItem('Edit>Redo in the Environment File');
  await expect(text).toContainText('# mine');
  await page.menu.openLocator('File');
  await lab.shots('menus-file');
  await page.menu.closeAll();
  await page.menu.clickMenuItem('File>Save the Environment File');
  await expect.poll(read).toContain('# mine');

  await lab.closeView();
  await page.menu.openLocator('File');
  await expect(
    page.getByRole('menuitem', { name: /^Save the Environment File/ })
  ).toHaveCount(0);
  await page.menu.closeAll();
});

test('the settings say what stands in the toolbars, and in which order', async ({
  page
}) => {
  await page.goto();
  const lab = new Lab(page);
  const set = (plugin: string, toolbar: object[]) =>
    page.evaluate(
      ([id, raw]) => window.jupyterapp.serviceManager.settings.save(id, raw),
      [plugin, JSON.stringify({ toolbar })]
    );
  await lab.file('by-menu', 'environment.yml', LINES);
  await lab.openPanel();
  const section = page.locator('#jp-envlink-panel .jp-AccordionPanel-title', {
    hasText: /^Environments/
  });
  await expect
    .poll(() => items(section))
    .toEqual(['create', 'refresh', 'explain', 'clean-up']);
  await set('jupyter_envlink:create', [
    { name: 'save', disabled: true },
    { name: 'open', command: 'jupyter_envlink:open-panel', rank: 5 }
  ]);
  await set('jupyter_envlink:panel', [{ name: 'explain', rank: 1 }]);
  await page.reload();
  await page.sidebar.openTab('filebrowser');
  await page.filebrowser.openDirectory('by-menu');
  const view = await lab.chooseCreate('environment.yml');
  await expect
    .poll(() => items(view.locator('.jp-Toolbar').first()))
    .toEqual(['open', 'save-as']);
  await lab.openPanel();
  await expect
    .poll(() => items(section))
    .toEqual(['explain', 'create', 'refresh', 'clean-up']);
});

test('what is rolled back or brought back is asked for', async ({ page }) => {
  await page.goto();
  const lab = new Lab(page);
  const run = async (label: string) => {
    await page.keyboard.press('Control+Shift+c');
    const palette = page.locator('#modal-command-palette');
    await palette.locator('input').fill(label);
    await expect(
      palette.locator('.lm-CommandPalette-item.lm-mod-active')
    ).toContainText(label);
    await palette.locator('input').press('Enter');
  };
  await run('Roll Environment Back');
  await expect(lab.dialog).toContainText('Choose an environment');
  await lab.shots('palette-roll-back');
  await lab.expectAccessible('.jp-Dialog');
  await lab.button(lab.dialog, 'Cancel').click();
  await expect(lab.dialog).toHaveCount(0);
  await run('Restore Removed Environment');
  await expect(lab.dialog).toContainText(
    /Nothing that was removed can come back|Choose an environment/
  );
});
