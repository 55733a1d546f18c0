import type { IJupyterLabPageFixture } from '@jupyterlab/galata';
import { expect, test } from '@jupyterlab/galata';
import * as fs from 'fs';
import * as path from 'path';

import { job } from './answers';
import { ATLAS } from './inside';
import { HOME, Lab } from './lab';
import { arrange } from './steady';

// What JupyterLab shows in its main area, in the pages of Notebook 7: a tab beside the files, or below a notebook.
test.use({ autoGoto: false, mockState: true });

const PAGES = { tree: 'tree', notebook: 'notebooks/seven.ipynb' };

test.beforeAll(() => {
  const empty = { cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5 };
  const file = path.join(HOME, 'project', 'seven.ipynb');
  fs.writeFileSync(file, JSON.stringify(empty));
});

/** The page of files, or of a notebook, with answers that are always the same. */
async function open(page: IJupyterLabPageFixture, url: string): Promise<Lab> {
  const tab = await page.context().newPage();
  await arrange(tab);
  await tab.goto(`/${url}`);
  await tab.waitForFunction(() =>
    window.jupyterapp?.commands.hasCommand('jupyter_envlink:clean-up')
  );
  const lab = new Lab(tab as unknown as IJupyterLabPageFixture);
  if (url !== PAGES.tree) {
    await lab.button(lab.dialog, 'No Kernel').click();
  }
  return lab;
}

for (const [name, url] of Object.entries(PAGES)) {
  test(`the views of the main area, on the page of the ${name}`, async ({
    page
  }) => {
    const lab = await open(page, url);
    const cleanup = lab.page.locator('.jp-Envlink-cleanup:visible');
    await lab.execute('clean-up');
    await expect(cleanup).toContainText('thesis-2024');
    await cleanup.getByRole('checkbox').first().check();
    await lab.expectAccessible(cleanup, `notebook7-${name}-cleanup`);

    const log = lab.page.locator('.jp-Envlink-jobView:visible');
    await lab.execute('show-log', { id: job('failed').id });
    await expect(log.getByRole('log')).toContainText('No matching');
    await lab.expectAccessible(log, `notebook7-${name}-log`);

    const own = lab.page.locator('.jp-EnvlinkView:visible');
    await lab.execute('open-environment', { id: ATLAS.id });
    await expect(own.getByRole('heading', { level: 2 })).toHaveText('atlas');
    await lab.expectAccessible(own, `notebook7-${name}-environment`);

    // What is there already comes to the front again, as it was left.
    await lab.execute('clean-up');
    await expect(cleanup.getByRole('checkbox').first()).toBeChecked();
    await lab.page.close();
  });
}
