import { expect, test } from '@jupyterlab/galata';
import type { Locator, Page } from '@playwright/test';
import * as fs from 'fs';
import * as path from 'path';

import { HOME, Lab } from './lab';

// The views on the pages of Notebook 7, whose main area has no room but for its own.
test.use({ autoGoto: false, mockState: true });

const FOLDER = 'beside7';
const LINES = ['name: beside7', 'dependencies: [python=3.11]'];

let lab: Lab;

test.beforeEach(async ({ page }) => {
  await page.goto();
  lab = new Lab(page);
  put('environment.yml', LINES);
  const empty = { cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5 };
  put('paper.ipynb', [JSON.stringify(empty)]);
});

function put(name: string, lines: string[]): void {
  const folder = path.join(HOME, 'project', FOLDER);
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, name), lines.join('\n') + '\n');
}

const read = () =>
  fs.readFileSync(
    path.join(HOME, 'project', FOLDER, 'environment.yml'),
    'utf-8'
  );

/** A page of Notebook 7, where a command was run. */
async function page7(
  url: string,
  command: string,
  args: object
): Promise<Page> {
  const tab = await lab.page.context().newPage();
  await tab.goto(url);
  await tab.waitForFunction(
    id => window.jupyterapp?.commands.hasCommand(id),
    command
  );
  const without = tab
    .locator('.jp-Dialog')
    .getByRole('button', { name: 'No Kernel' });
  if (url.includes('/notebooks/')) {
    await without.click();
  }
  await tab.evaluate(
    async ([id, given]) => {
      await window.jupyterapp.commands.execute(id as string, given as {});
    },
    [command, args] as const
  );
  return tab;
}

async function pictures(tab: Page, name: string): Promise<void> {
  for (const [theme, word] of [
    ['JupyterLab Dark', 'dark'],
    ['JupyterLab Light', 'light']
  ]) {
    await tab.evaluate(
      theme =>
        window.jupyterapp.commands.execute('apputils:change-theme', { theme }),
      theme
    );
    await tab.waitForTimeout(500);
    await lab.shot(`${name}-${word}`, tab);
  }
}

/** The tab of a view, below the notebook. */
const below = (tab: Page, name: string): Locator =>
  tab.locator('#jp-down-stack').getByRole('tab', { name });

test('beside a notebook a text that is not saved is not lost', async () => {
  const file = `${FOLDER}/environment.yml`;
  const tab = await page7(
    `/notebooks/${FOLDER}/paper.ipynb`,
    'jupyter_envlink:create-environment',
    { path: file }
  );
  const view = tab.locator('.jp-Envlink-createWidget');
  const dialog = tab.locator('.jp-Dialog');
  const close = async () => {
    await below(tab, 'environment.yml')
      .locator('.lm-TabBar-tabCloseIcon')
      .click();
  };
  await expect(view.locator('.cm-content')).toContainText('beside7');
  await pictures(tab, 'notebook7-create');
  await view.locator('.cm-content').click();
  await tab.keyboard.press('Control+End');
  await tab.keyboard.insertText('# mine');

  await close();
  await expect(dialog).toContainText(
    'The text of environment.yml was changed, and is not saved.'
  );
  await lab.button(dialog, 'Cancel').click();
  await expect(view.locator('.cm-content')).toContainText('# mine');
  // "Save as" asks, too, which a dialog could not from within another.
  await view.locator('[data-command="jupyter_envlink:save-file-as"]').click();
  await expect(dialog.locator('input')).toHaveValue(file);
  await lab.button(dialog, 'Cancel').click();
  await close();
  await lab.button(dialog, 'Save').click();
  await expect(view).toHaveCount(0);
  await expect.poll(read).toContain('# mine');
  await tab.close();
});

test('beside a notebook an environment is shown, and its log, and what may go', async () => {
  const tab = await page7(
    `/notebooks/${FOLDER}/paper.ipynb`,
    'jupyter_envlink:clean-up',
    {}
  );
  await expect(below(tab, 'Clean up environments')).toHaveAttribute(
    'aria-selected',
    'true'
  );
  await tab.evaluate(async () => {
    const { commands } = window.jupyterapp;
    await commands.execute('jupyter_envlink:open-panel');
  });
  await tab.locator('#jp-envlink-panel [data-environment]').first().focus();
  await tab.keyboard.press('Enter');
  const shown = tab.locator('.jp-EnvlinkView');
  await expect(shown.getByRole('tab', { name: 'Packages' })).toBeVisible();
  await expect(
    tab.locator('#jp-down-stack > .lm-TabBar').getByRole('tab')
  ).toHaveCount(2);
  await pictures(tab, 'notebook7-view');
  await tab.close();
});

test('among the tabs of the page of the files its icon is as large as theirs', async () => {
  const tab = await page7('/tree', 'jupyter_envlink:new-environment', {
    way: 'paste'
  });
  const front = tab.getByRole('tab', { name: 'New environment' });
  await expect(front).toHaveAttribute('aria-selected', 'true');
  const heightOf = async (name: string | RegExp) =>
    (await tab.getByRole('tab', { name, exact: true }).boundingBox())?.height;
  await pictures(tab, 'notebook7-tabs');
  const icon = await front.locator('.lm-TabBar-tabIcon svg').boundingBox();
  expect(icon?.height).toBeLessThanOrEqual(20);
  expect(await heightOf('New environment')).toBe(await heightOf('Files'));
  await tab.close();
});
