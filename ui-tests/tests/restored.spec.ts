import { expect, test } from '@jupyterlab/galata';
import * as fs from 'fs';
import * as path from 'path';

import type { Answer } from './answers';
import { environment, job } from './answers';
import { ATLAS } from './inside';
import { HOME } from './lab';
import { GOOD } from './plans';
import { open } from './steady';

// What is shown while the page is loaded again, and while what it is about is renamed or removed.
test.use({ autoGoto: false, mockState: true });

test('every view comes back with the page, as it was left', async ({
  page
}) => {
  const lab = await open(page);
  const log = job('failed').id;
  const views: { [tab: string]: () => Promise<unknown> } = {
    'New environment': () =>
      expect(page.getByLabel('Text of the file')).toBeVisible(),
    'environment.yml': () =>
      expect(lab.view.getByLabel('Name')).toHaveValue('rivers-2027'),
    atlas: () =>
      expect(page.locator('.jp-EnvlinkView-disk:visible')).toBeVisible(),
    'Clean up environments': () =>
      expect(page.locator('.jp-Envlink-cleanup:visible')).toContainText(
        'thesis-2024'
      ),
    'Log: Update atlas': () =>
      expect(page.locator('.jp-Envlink-jobView:visible')).toContainText(
        'No matching'
      )
  };
  const file = { text: GOOD, filename: 'environment.yml', key: 'kept' };
  await lab.execute('new-environment', { way: 'paste' });
  await lab.execute('open-file', { ...file, name: 'rivers-2027' });
  await lab.execute('open-environment', { id: ATLAS.id });
  await page.getByRole('tab', { name: 'Disk' }).click();
  await lab.execute('clean-up');
  await lab.execute('show-log', { id: log });
  const kept = {
    'jupyter_envlink_begin:begin': '"way":"paste"',
    'jupyter_envlink_create:kept': 'rivers-2027',
    [`jupyter_envlink-environment:${ATLAS.id}`]: '"tab":"disk"',
    'jupyter_envlink-cleanup:cleanup': '',
    [`jupyter_envlink-log:${log}`]: String(log)
  };
  for (const [entry, word] of Object.entries(kept)) {
    await lab.kept(entry, word);
    await lab.kept('layout-restorer:data', entry);
  }

  await page.reload({ waitForIsReady: false });
  for (const [tab, look] of Object.entries(views)) {
    const label = page.locator('.lm-DockPanel-tabBar .lm-TabBar-tabLabel');
    await label.getByText(tab, { exact: true }).click();
    await look();
  }
  await expect(page.locator('.lm-DockPanel-widget')).toHaveCount(5);
});

test('a file is renamed and deleted while its view is open, and saved again', async ({
  page
}) => {
  const lab = await open(page);
  const folder = path.join(HOME, 'project', 'moving');
  await lab.file('moving', 'environment.yml', GOOD.trimEnd().split('\n'));
  const view = await lab.chooseCreate('environment.yml');
  await expect(view.locator('.cm-content')).toContainText('rivers');
  await page.evaluate(() =>
    window.jupyterapp.serviceManager.contents.rename(
      'moving/environment.yml',
      'moving/rivers.yml'
    )
  );
  const tab = page.locator('.lm-TabBar-tab', { hasText: 'rivers.yml' });
  await expect(tab).toBeVisible();
  await view.locator('.cm-line').first().click();
  await page.keyboard.type('# by its new name\n');
  await page.keyboard.press('Control+s');
  await expect(tab).not.toHaveClass(/jp-mod-dirty/);
  const renamed = path.join(folder, 'rivers.yml');
  expect(fs.readFileSync(renamed, 'utf-8')).toContain('# by its new name');
  expect(fs.existsSync(path.join(folder, 'environment.yml'))).toBe(false);

  await page.evaluate(() =>
    window.jupyterapp.serviceManager.contents.delete('moving/rivers.yml')
  );
  await expect(view.getByRole('alert')).toContainText(
    'rivers.yml was deleted.'
  );
  await expect(tab).toHaveClass(/jp-mod-dirty/);
  await lab.expectAccessible(view, 'create-view-deleted');
  await view.locator('[data-command="jupyter_envlink:save-file"]').click();
  await expect(view.getByRole('alert')).toHaveCount(0);
  expect(fs.readFileSync(renamed, 'utf-8')).toContain('# by its new name');
});

test('an environment is renamed and removed while its views are open', async ({
  page
}) => {
  const globe = environment('globe');
  const environments: Answer[] = [ATLAS, environment('other')];
  const jobs: Answer[] = [];
  const lab = await open(page, environments, jobs);
  const label = (name: string) =>
    page.locator('.lm-DockPanel-tabBar .lm-TabBar-tab', { hasText: name });
  const own = page.locator('.jp-EnvlinkView:visible');
  const field = lab.view.getByLabel('Environment', { exact: true });
  const chosen = field.locator('option:checked');
  const file = { text: GOOD, filename: 'environment.yml' };
  await lab.execute('open-environment', { id: ATLAS.id });
  await lab.execute('open-file', {
    ...file,
    operation: 'update',
    id: ATLAS.id
  });
  await expect(chosen).toHaveText('atlas');
  await lab.openPanel();
  await lab.environment('atlas').locator('.jp-Envlink-twisty').click();

  environments[0] = globe;
  jobs.push(
    job('succeeded', {
      operation: 'rename',
      source_id: ATLAS.id,
      environment_id: globe.id,
      result: { environment_id: globe.id, name: 'globe', prefix: globe.prefix }
    })
  );
  await lab.execute('refresh');
  await expect(chosen).toHaveText('globe');
  await expect(lab.view.locator('.jp-Envlink-solution')).toContainText(
    '1 to upgrade'
  );
  await expect(lab.environment('globe')).toBeVisible();
  await expect(lab.environment('atlas')).toHaveCount(0);
  await label('globe').click();
  await expect(own.getByRole('heading', { level: 2 })).toHaveText('globe');

  environments.shift();
  await lab.execute('refresh');
  await expect(own).toContainText('is not on this machine any more');
  await expect(lab.environment('globe')).toHaveCount(0);
  await label('environment.yml').click();
  await expect(chosen).toHaveText('Choose one…');
  await expect(lab.button(lab.view, 'Update')).toBeDisabled();
  await expect(lab.view).toContainText('Choose an environment first.');
  await lab.expectAccessible(lab.view, 'create-view-removed');
});
