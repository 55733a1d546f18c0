import type { IJupyterLabPageFixture } from '@jupyterlab/galata';
import { expect, test } from '@jupyterlab/galata';

import * as fs from 'fs';
import * as path from 'path';

import { HOME, Lab } from './lab';

// The language is the server's own setting, as it is for whoever chooses it.
test.use({ autoGoto: false, mockSettings: false, mockState: true });

const SETTING = 'lab/api/settings/@jupyterlab/translation-extension:plugin';

interface IWords {
  choice: string;
  create: string;
  environments: string;
  install: string;
  noKernel: string;
  begin: string;
  reason: string;
}

const LANGUAGES: { [locale: string]: IWords } = {
  de_DE: {
    choice: 'German (Germany) - Deutsch (Deutschland)',
    create: 'Umgebung erstellen…',
    environments: 'Umgebungen',
    install: 'Kernel installieren',
    noKernel: 'Kein Kernel',
    begin: 'Liste von Paketen',
    reason: 'hat Python, aber keinen Kernel für Jupyter.'
  },
  zh_CN: {
    choice: 'Chinese (Simplified, China) - 中文 (简体, 中国)',
    create: '创建环境…',
    environments: '环境',
    install: '安装内核',
    noKernel: '无内核',
    begin: '包列表',
    reason: '有 Python，但没有用于 Jupyter 的内核。'
  }
};

async function choose(
  page: IJupyterLabPageFixture,
  words: IWords
): Promise<void> {
  await page.menu.clickMenuItem(`Settings>Language>${words.choice}`);
  const reloaded = page.waitForEvent('load');
  await page.getByRole('button', { name: 'Change and reload' }).click();
  await reloaded;
  await page.locator('li[data-id="jp-envlink-panel"]').waitFor();
}

test.afterEach(async ({ page, baseURL }) => {
  const answer = await page.request.put(`${baseURL}/${SETTING}`, {
    data: { raw: '{}' }
  });
  expect(answer.ok()).toBe(true);
});

for (const [locale, words] of Object.entries(LANGUAGES)) {
  test(`the panel speaks ${locale} as soon as JupyterLab does`, async ({
    page
  }) => {
    await page.goto();
    await choose(page, words);
    const lab = new Lab(page);
    await lab.openPanel();

    await test.step('the panel', async () => {
      await expect(lab.panel).toContainText(words.environments);
      const bare = lab.environment('bare');
      await expect(bare).toContainText(words.noKernel);
      await expect(bare.locator('.jp-Envlink-message')).toContainText(
        words.reason
      );
      await expect(lab.button(bare, words.install)).toBeVisible();
      await lab.expectAccessible(
        '#jp-envlink-panel',
        `language-${locale}-panel`
      );
    });

    await test.step('the menu of a file', async () => {
      const folder = path.join(HOME, 'project', 'language');
      fs.mkdirSync(folder, { recursive: true });
      fs.writeFileSync(
        path.join(folder, 'environment.yml'),
        'name: language\ndependencies: [python=3.11]\n'
      );
      // Galata's own way to a folder knows English only.
      await page.evaluate(() =>
        window.jupyterapp.commands.execute('filebrowser:open-path', {
          path: 'language'
        })
      );
      await page.menu.openContextMenuLocator(
        '.jp-DirListing-item:has-text("environment.yml")'
      );
      await expect(
        page.getByRole('menuitem', { name: words.create })
      ).toBeVisible();
      await lab.shot(`language-${locale}-menu`);
      await page.keyboard.press('Escape');
    });

    await test.step('a view of the main area', async () => {
      await page.evaluate(() =>
        window.jupyterapp.commands.execute('jupyter_envlink:new-environment')
      );
      const view = page.locator('.jp-Envlink-beginContent:visible');
      await expect(view.getByRole('tab').first()).toContainText(words.begin);
      await lab.shot(`language-${locale}-begin`);
    });
  });
}
