import type { IJupyterLabPageFixture } from '@jupyterlab/galata';
import { expect, test } from '@jupyterlab/galata';
import type { Locator, Page } from '@playwright/test';

import * as fs from 'fs';
import * as path from 'path';

import { answer, environment, unready } from './answers';
import { HOME, Lab } from './lab';
import { many } from './many';
import { expectNothingCutOff, narrow, zoomed } from './room';
import { venv } from './terminal';

test.use({ autoGoto: false, mockState: true });

const PANEL = '#jp-envlink-panel';
const API = /envlink\/api\//;
/** What a server says that knows of nothing, whatever it is asked. */
const NOTHING = {
  age: 0,
  environments: [],
  files: [],
  folder: '',
  is_whole: true,
  jobs: [],
  removed: [],
  stale: []
};

let lab: Lab;

test.beforeEach(async ({ page }) => {
  lab = new Lab(page);
});

/** The row that has the focus. */
function focused(page: Pick<Page, 'locator'>): Locator {
  return page.locator('[role=row]:focus');
}

test('by the keyboard alone: open, find, unfold, act', async ({ page }) => {
  venv('keyboard', 'ipykernel');
  await page.goto();
  await expect(lab.card('keyboard')).toBeVisible();
  await page.keyboard.press('Control+Alt+e');
  await expect(lab.panel).toBeVisible();
  await expect(focused(page)).toHaveCount(1);

  // By its first letters, and unfolded.
  const row = lab.environment('keyboard');
  await page.keyboard.type('key');
  await expect(row).toBeFocused();
  expect(await row.getAttribute('aria-label')).toMatch(
    /^keyboard, Python 3\.\d+, Ready, in the kernel menu, uv/
  );
  await page.keyboard.press('ArrowRight');
  await expect(row).toHaveAttribute('aria-expanded', 'true');
  await expect(row).toContainText(path.join('keyboard', '.venv'));
  await lab.expectAccessible(PANEL, 'panel-row');

  // Into its buttons, and back.
  await page.keyboard.press('ArrowRight');
  await expect(
    row.getByRole('button', { name: 'Open a notebook in keyboard' }).first()
  ).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Escape');
  await expect(row).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await expect(row).toHaveAttribute('aria-expanded', 'false');

  // Through the menu of the row: taken off the kernel menu, and the focus stays.
  await page.keyboard.press('Shift+F10');
  const menu = page.locator('.lm-Menu');
  await expect(
    menu.getByRole('menuitem', { name: 'Detach Environment' })
  ).toBeVisible();
  await lab.shots('panel-menu');
  await page.keyboard.press('d');
  if (await menu.isVisible()) {
    await page.keyboard.press('Enter');
  }
  await expect(row).toContainText('Detached');
  await expect(lab.card('keyboard')).toBeHidden();
  await expect(row).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  const attach = lab.button(row, 'Attach');
  await expect(attach).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(row).toContainText('Ready');
  // The button is gone; one goes on from its row.
  await expect(row).toBeFocused();

  // Tab leaves the list: one row of it is reached, and its buttons.
  await page.keyboard.press('/');
  await expect(lab.panel.getByRole('searchbox')).toBeFocused();
  await page.keyboard.type('keyboard');
  await expect(lab.panel.locator('[data-environment]')).toHaveCount(1);
  await page.keyboard.press('Enter');
  await expect(row).toBeFocused();
  await page.keyboard.press('Control+f');
  await page.keyboard.press('Escape');
  await expect(lab.panel.getByRole('searchbox')).toHaveValue('');
  await page.keyboard.press('Escape');
  await expect(row).toBeFocused();
});

test('1000 environments: from end to end by keys, and told to whoever hears', async ({
  page
}) => {
  await answer(page, many());
  await page.goto();
  await lab.openPanel();
  await lab.environment('project-0').click();
  await expect(focused(page)).toHaveAttribute('aria-posinset', '1');
  await expect(focused(page)).toHaveAttribute('aria-setsize', '991');
  await page.keyboard.press('PageDown');
  await page.keyboard.press('PageDown');
  const after = Number(await focused(page).getAttribute('aria-posinset'));
  expect(after).toBeGreaterThan(6);
  await page.keyboard.press('End');
  const fold = lab.panel.getByRole('row', { name: /are hidden from/ });
  await expect(fold).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(fold).toHaveAttribute('aria-expanded', 'true');
  await page.keyboard.press('ArrowDown');
  await expect(focused(page)).toHaveAttribute('aria-level', '2');
  await expect(focused(page)).toHaveAttribute('aria-setsize', '10');
  await page.keyboard.press('ArrowLeft');
  await expect(fold).toBeFocused();
  await page.keyboard.press('Home');
  await expect(lab.environment('project-0')).toBeFocused();
  await expect(lab.environment('project-0')).toBeInViewport();

  // What has the focus stays where it is while one scrolls, and while the list is read again.
  await page.keyboard.type('project-77');
  await expect(lab.environment('project-77')).toBeFocused();
  await page.mouse.move(150, 400);
  await page.mouse.wheel(0, 20000);
  await page.evaluate(() =>
    window.jupyterapp.commands.execute('jupyter_envlink:refresh')
  );
  await expect(lab.environment('project-77')).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(lab.environment('project-78')).toBeInViewport();
  await lab.expectAccessible(PANEL, 'panel-many');
});

test('a panel of 280 pixels, at 200 %, in high contrast, without motion', async ({
  page
}) => {
  const long = 'a-very-long-name-of-an-environment-that-nobody-shortens';
  const far = `/home/me/another/place/${'deep/'.repeat(20)}${long}`;
  const lost = `Its Python ${'/usr/local/lib/'.repeat(12)} is gone.`;
  await answer(page, [
    ...many(2),
    environment(long, { kind: 'virtualenv', is_server: true }),
    {
      ...unready(long, 'broken', lost, 'Remove it, and create it anew.'),
      id: '0123456789ab',
      prefix: far
    }
  ]);
  await page.goto();
  await lab.file(long, 'environment.yml', [
    `name: ${long}`,
    'dependencies: [python]'
  ]);
  await lab.openPanel();
  await narrow(page);
  const row = lab.environment('project-0');
  await row.locator('.jp-Envlink-twisty').click();
  await expect(lab.panel.locator('[data-envlink-file]')).toHaveCount(1);
  await expectNothingCutOff(lab.panel);
  await lab.expectAccessible(PANEL, 'panel-280');

  // 200 %: half as many pixels for the same words.
  await zoomed(page, async () => {
    await expectNothingCutOff(lab.panel);
    await lab.shot('panel-200-percent');
  });

  await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' });
  await row.click();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await expect(row).toBeFocused();
  await lab.shot('panel-forced-colors');
  const outline = await row.evaluate(
    node => getComputedStyle(node).outlineStyle
  );
  expect(outline).not.toBe('none');
  await page.emulateMedia({ forcedColors: 'none', reducedMotion: null });
});

test('it is moved to the other side, and is as it was left after a reload', async ({
  page
}) => {
  await answer(page, many());
  await page.goto();
  await lab.openPanel();
  await page.sidebar.moveTabToRight('jp-envlink-panel');
  const right = page.locator('#jp-right-stack');
  await page.evaluate(() =>
    window.jupyterapp.commands.execute('jupyter_envlink:open-panel')
  );
  await expect(right.locator(PANEL)).toBeVisible();
  await lab.panel.getByRole('searchbox').fill('project-29');
  await lab.environment('project-290').locator('.jp-Envlink-twisty').click();
  const jobs = lab.panel.locator('.jp-AccordionPanel-title', {
    hasText: 'Jobs'
  });
  await jobs.click();
  await lab.expectAccessible(PANEL, 'panel-right');
  await lab.kept('jupyter_envlink:panel', 'jp-envlink-jobs');
  await lab.kept('layout-restorer:data', 'jupyter_envlink');

  await page.reload();
  await page.evaluate(() =>
    window.jupyterapp.commands.execute('jupyter_envlink:open-panel')
  );
  await expect(lab.panel.getByRole('searchbox')).toHaveValue('project-29');
  await expect(lab.environment('project-290')).toHaveAttribute(
    'aria-expanded',
    'true'
  );
  await expect(jobs).toHaveAttribute('aria-expanded', 'false');
});

test('a section is moved into the file browser, and back', async ({ page }) => {
  await answer(page, many(5));
  await page.goto();
  await lab.openPanel();
  const title = page.locator('.jp-AccordionPanel-title', {
    hasText: 'Environments'
  });
  await title.click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Move to File Browser' }).click();
  await page.sidebar.openTab('filebrowser');
  const guest = page.locator('#jp-envlink-environments');
  await expect(guest).toBeVisible();
  await expect(guest.locator('[data-environment]').first()).toBeVisible();
  await lab.expectAccessible('#jp-envlink-environments', 'panel-section-moved');
  await page.evaluate(() =>
    window.jupyterapp.commands.execute('jupyter_envlink:filter')
  );
  await expect(guest.getByRole('searchbox')).toBeFocused();

  await title.click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Move back' }).click();
  await lab.openPanel();
  const sections = await lab.panel
    .locator('.jp-AccordionPanel-title')
    .evaluateAll(nodes =>
      nodes
        .map(
          node => [node.getBoundingClientRect().top, node.innerText] as const
        )
        .sort(([a], [b]) => a - b)
        .map(([, text]) => text)
    );
  expect(sections.map(each => each.trim().toLowerCase())).toEqual([
    "this folder's files",
    'environments',
    'jobs'
  ]);
});

test('the files near what is open: created, changed, updated', async ({
  page
}) => {
  await page.goto();
  await lab.file('near', 'environment.yml', [
    'name: near',
    'channels: [conda-forge]',
    'dependencies:',
    '  - python=3.11',
    '  - envlink-text-prefix'
  ]);
  await lab.file('near/deep', 'requirements.txt', ['tabulate']);
  await lab.openPanel();
  const files = lab.panel.locator('[data-envlink-file]');
  await expect(files).toHaveCount(2);
  await expect(files.nth(0)).toHaveAttribute(
    'data-envlink-file',
    'near/deep/requirements.txt'
  );
  const file = lab.panel.locator('[data-envlink-file="near/environment.yml"]');
  await expect(lab.button(file, 'Create…')).toBeVisible();
  await lab.expectAccessible(PANEL, 'panel-files');

  // Made elsewhere, as in another page: this one hears of it.
  const prefix = path.join(HOME, 'envs', 'near');
  const made = await page.request.post('/envlink/api/environments', {
    data: { path: 'near/environment.yml' }
  });
  expect(made.status()).toBe(202);
  await expect(file).toContainText('up to date', { timeout: 90 * 1000 });
  expect(fs.existsSync(prefix)).toBe(true);

  // Saved in an editor: counted at once.
  await page.sidebar.openTab('filebrowser');
  await lab.openFolder('near');
  await page.filebrowser.open('near/environment.yml');
  const editor = page.locator('.jp-FileEditor .cm-content');
  await editor.click();
  await page.keyboard.press('Control+End');
  // The editor indents as the line before.
  await page.keyboard.type('  - humanize\n- envlink-postlink\n');
  await page.keyboard.press('Control+s');
  await lab.openPanel();
  await expect(lab.button(file, 'Update: 2 changes')).toBeVisible();
  await lab.expectAccessible(PANEL, 'panel-files-changed');
});

test('a server that is gone: the list stays, with its age, and comes to life again', async ({
  page
}) => {
  let isGone = false;
  const environments = many(3);
  await answer(page, environments);
  await page.route(API, route => (isGone ? route.abort() : route.fallback()));
  await page.goto();
  await lab.openPanel();
  await expect(lab.environment('project-2')).toBeVisible();
  isGone = true;
  await lab.panel.locator('[data-command="jupyter_envlink:refresh"]').click();
  const alert = lab.panel.locator('#jp-envlink-environments [role=alert]');
  await expect(alert).toContainText('does not answer');
  await expect(lab.environment('project-0')).toBeVisible();
  await expect(lab.panel).toContainText(/What was there \d+ s ago is shown/);
  await lab.expectAccessible(PANEL, 'panel-gone');
  environments.push(...many(5).slice(3));
  isGone = false;
  // It is looked for ever more seldom, at last each half minute.
  await expect(lab.environment('project-4')).toBeVisible({
    timeout: 45 * 1000
  });
  await expect(alert).toBeHidden();
});

test('at first, with nothing, and without the server extension', async ({
  page
}) => {
  let answered: () => void = () => undefined;
  const held = new Promise<void>(resolve => (answered = resolve));
  let isMissing = false;
  await page.route(API, async route => {
    await held;
    await (isMissing
      ? route.fulfill({ status: 404, body: 'no' })
      : route.fulfill({ json: NOTHING }));
  });
  await page.goto();
  await lab.openPanel();
  await expect(lab.panel).toContainText('Looking for environments…');
  await lab.expectAccessible(PANEL, 'panel-loading');
  answered();
  await expect(lab.panel).toContainText('No environment was found');
  await lab.expectAccessible(PANEL, 'panel-empty');

  isMissing = true;
  await page.evaluate(() =>
    window.jupyterapp.commands.execute('jupyter_envlink:refresh')
  );
  await expect(lab.panel).toContainText('pip install jupyter_envlink');
  await expect(
    lab.button(lab.panel.locator('#jp-envlink-environments'), 'Retry')
  ).toBeVisible();
  await lab.expectAccessible(PANEL, 'panel-not-installed');
});

/** A page of Notebook 7, with the panel open. */
async function notebook7(
  page: IJupyterLabPageFixture,
  url: string
): Promise<Page> {
  const tab = await page.context().newPage();
  await tab.goto(url);
  await tab.waitForFunction(() =>
    window.jupyterapp?.commands.hasCommand('jupyter_envlink:open-panel')
  );
  return tab;
}

test('Notebook 7: on the page of the files, and on that of a notebook', async ({
  page
}) => {
  put('plain7', 'environment.yml', [
    'name: plain7',
    'dependencies: [python=3.11]'
  ]);
  const empty = { cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5 };
  put('plain7', 'paper.ipynb', [JSON.stringify(empty)]);
  for (const [name, url] of [
    ['tree', '/tree/plain7'],
    ['notebook', '/notebooks/plain7/paper.ipynb']
  ]) {
    const tab = await notebook7(page, url);
    const panel = tab.locator(PANEL);
    await tab.evaluate(() =>
      window.jupyterapp.commands.execute('jupyter_envlink:open-panel')
    );
    await expect(panel).toBeVisible();
    await expect(
      panel.locator('[data-envlink-file="plain7/environment.yml"]')
    ).toBeVisible();
    if (name === 'notebook') {
      await tab
        .locator('.jp-Dialog')
        .getByRole('button', { name: 'No Kernel' })
        .click();
    }
    const row = panel.locator('[data-environment]').first();
    await row.focus();
    await tab.keyboard.press('ArrowRight');
    await expect(row).toHaveAttribute('aria-expanded', 'true');
    await tab.keyboard.press('Shift+F10');
    await expect(
      tab.getByRole('menuitem', { name: 'Explain Environment…' })
    ).toBeVisible();
    await tab.keyboard.press('Escape');
    await lab.shot(`notebook7-${name}`, tab);
    await tab.close();
  }
});

/** Every plugin but the one that asks for the kernels again. */
const OTHERS = [
  'begin',
  'commands',
  'environment',
  'jobs',
  'model',
  'notifications',
  'panel',
  'running',
  'status'
];

test('Notebook 7 with the kernels alone: a new kernel is in the menu at once', async ({
  page
}) => {
  const tab = await page.context().newPage();
  const others = OTHERS.map(each => `jupyter_envlink:${each}`);
  await tab.addInitScript(disabled => {
    const observer = new MutationObserver(() => {
      const node = document.getElementById('jupyter-config-data');
      if (node?.textContent?.trim().endsWith('}')) {
        observer.disconnect();
        const data = JSON.parse(node.textContent);
        const before = data.disabledExtensions ?? [];
        data.disabledExtensions = [...before, ...disabled];
        node.textContent = JSON.stringify(data);
      }
    });
    const what = { childList: true, subtree: true, characterData: true };
    observer.observe(document, what);
  }, others);
  await tab.goto('/tree');
  await tab.getByText('New', { exact: true }).first().waitFor();
  expect(
    await tab.evaluate(() => [
      window.jupyterapp.hasPlugin('jupyter_envlink:kernels'),
      window.jupyterapp.hasPlugin('jupyter_envlink:panel')
    ])
  ).toEqual([true, false]);
  venv('alone', 'ipykernel');
  await tab.waitForFunction(
    () =>
      'alone' in
      (window.jupyterapp.serviceManager.kernelspecs.specs?.kernelspecs ?? {}),
    undefined,
    { timeout: 20 * 1000 }
  );
  await tab.getByText('New', { exact: true }).first().click();
  await expect(tab.getByRole('menuitem', { name: /^alone \(/ })).toBeVisible();
  await lab.shot('notebook7-kernels-alone', tab);
  await tab.close();
});

/** Put a file into the project; no page shows its folder. */
function put(folder: string, name: string, lines: string[]): void {
  const place = path.join(HOME, 'project', folder);
  fs.mkdirSync(place, { recursive: true });
  fs.writeFileSync(path.join(place, name), lines.join('\n') + '\n');
}
