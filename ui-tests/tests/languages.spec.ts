import type { IJupyterLabPageFixture } from '@jupyterlab/galata';
import { expect, test } from '@jupyterlab/galata';

import { Lab } from './lab';

// The language is the server's own setting, as it is for whoever chooses it.
test.use({ autoGoto: false, mockSettings: false, mockState: true });

const SETTING = 'lab/api/settings/@jupyterlab/translation-extension:plugin';

interface IWords {
  choice: string;
  create: string;
  environments: string;
  environmentsSetting: RegExp;
  install: string;
  noKernel: string;
}

const LANGUAGES: { [locale: string]: IWords } = {
  de_DE: {
    choice: 'German (Germany) - Deutsch (Deutschland)',
    create: 'Umgebung erstellen…',
    environments: 'Umgebungen',
    environmentsSetting: /Die Seitenleiste: Umgebungen als Kernel/,
    install: 'Kernel installieren',
    noKernel: 'Kein Kernel'
  },
  zh_CN: {
    choice: 'Chinese (Simplified, China) - 中文 (简体, 中国)',
    create: '创建环境…',
    environments: '环境',
    environmentsSetting: /侧边栏：环境即内核/,
    install: '安装内核',
    noKernel: '无内核'
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
      await expect(lab.button(bare, words.install)).toBeVisible();
      await lab.expectAccessible('#jp-envlink-panel');
      await lab.shots(`language-${locale}-panel`);
    });

    await test.step('the menu of a file', async () => {
      await lab.file(`language-${locale}`, 'environment.yml', [
        `name: language-${locale.toLowerCase()}`,
        'dependencies:',
        '  - python=3.11'
      ]);
      await page.menu.openContextMenuLocator(
        '.jp-DirListing-item:has-text("environment.yml")'
      );
      await expect(
        page.getByRole('menuitem', { name: words.create })
      ).toBeVisible();
      await lab.shot(`language-${locale}-menu`);
      await page.keyboard.press('Escape');
    });

    await test.step('the settings', async () => {
      await page.evaluate(() =>
        window.jupyterapp.commands.execute('settingeditor:open', {
          query: 'envlink'
        })
      );
      const editor = page.locator('.jp-SettingsPanel, .jp-PluginList');
      await expect(
        editor.getByText(words.environmentsSetting).first()
      ).toBeVisible();
      await lab.shot(`language-${locale}-settings`);
    });
  });
}
