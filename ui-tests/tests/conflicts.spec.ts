import { expect, test } from '@jupyterlab/galata';
import * as fs from 'fs';
import * as path from 'path';

import { HOME, Lab } from './lab';

test.use({ autoGoto: false, mockState: true });

let lab: Lab;

test.beforeEach(async ({ page }) => {
  await page.goto();
  lab = new Lab(page);
});

/** What `conda env export` writes on Windows. */
const EXPORT = [
  'name: from-windows',
  'channels:',
  '  - conda-forge',
  'dependencies:',
  '  - asttokens=2.4.1=pyhd8ed1ab_0',
  '  - bzip2=1.0.8=hcfcfb64_5',
  '  - ca-certificates=2024.2.2=h56e8100_0',
  '  - comm=0.2.1=pyhd8ed1ab_0',
  '  - debugpy=1.8.1=py311h12c1d0e_0',
  '  - ipykernel=6.29.3=pyha63f2e9_0',
  '  - libzlib=1.2.13=hcfcfb64_5',
  '  - numpy=1.26.4=py311h0b4df5a_0',
  '  - openssl=3.2.1=hcfcfb64_0',
  '  - pip=24.0=pyhd8ed1ab_0',
  '  - python=3.11.8=h2628c8c_0_cpython',
  '  - tabulate=0.9.0=pyhd8ed1ab_1',
  '  - tornado=6.4=py311ha68e1ae_0',
  '  - ucrt=10.0.22621.0=h57928b3_0',
  '  - vc=14.3=hcf57466_18',
  '  - vc14_runtime=14.38.33130=h82b7239_18',
  '  - vs2015_runtime=14.38.33130=hcb4865c_18',
  '  - pip:',
  '      - humanize',
  'prefix: C:\\Users\\me\\miniforge3\\envs\\from-windows'
];

test('an export from Windows works here after one click', async ({ page }) => {
  const file = await lab.file('windows', 'environment.yml', EXPORT);
  const view = await lab.chooseCreate('environment.yml');
  const conflict = view.locator('.jp-Envlink-conflict');
  await expect(conflict).toContainText('No channel has');
  const mend = lab.button(conflict, 'Make it work here');
  await mend.scrollIntoViewIfNeeded();
  await lab.expectAccessible('.jp-Envlink-createWidget', 'conflict-export');
  await conflict.getByText('What it changes').first().click();
  const changed = conflict.locator('.jp-Envlink-changed').first();
  await expect(changed.locator('del')).toContainText([/vc=14\.3/]);
  await mend.click();
  await expect(view.locator('.jp-Envlink-solution')).toContainText(
    /\d+ .*to install/
  );
  await expect(conflict).toHaveCount(0);
  await expect(view.locator('.cm-content')).not.toContainText('vc=14.3');
  await lab.expectAccessible('.jp-Envlink-createWidget', 'conflict-mended');
  await lab.button(view, 'Create').click();

  const job = lab.job('Create from-windows');
  await expect(job).toHaveAttribute('data-status', 'succeeded', {
    timeout: 90 * 1000
  });
  await lab.showLauncher();
  await expect(lab.card('from-windows')).toBeVisible({ timeout: 1000 });
  await page.getByRole('tab', { name: 'environment.yml' }).click();
  await lab.button(job, 'Open notebook').click();
  await expect(page.locator('.jp-NotebookPanel')).toBeVisible();
  await page.notebook.setCell(
    0,
    'code',
    'import humanize, numpy, tabulate, tornado\nprint(numpy.arange(4).sum())'
  );
  await page.notebook.runCell(0, { inplace: true });
  const output = (await page.notebook.getCellTextOutput(0)) ?? [];
  expect(output.join('')).toContain('6');
  const kept = fs.readFileSync(path.join(HOME, 'project', file), 'utf-8');
  expect(kept).toContain('vc=14.3');
});

test('a conflict is told by its lines, and a job that met it is mended', async ({
  page
}) => {
  await lab.file('clash', 'environment.yml', [
    'name: clash',
    'channels:',
    '  - conda-forge',
    'dependencies:',
    '  - envlink-conflict-a',
    '  - tabulate=0.9  # the newest'
  ]);
  const view = await lab.chooseCreate('environment.yml');
  const conflict = view.locator('.jp-Envlink-conflict');
  await expect(conflict).toContainText(
    'Line 5 asks for envlink-conflict-a, which needs tabulate <0.9; line 6 asks for tabulate=0.9.'
  );
  await expect(view.locator('.cm-lintRange-error')).toHaveText([
    'envlink-conflict-a',
    'tabulate=0.9'
  ]);
  await conflict.getByText('What it changes').first().click();
  await expect(conflict.locator('ins')).toContainText([/- tabulate {2}#/]);
  await lab.expectAccessible('.jp-Envlink-createWidget', 'conflict-lines');
  await lab.button(conflict, 'line 6').click();
  await expect
    .poll(() => page.evaluate(() => String(window.getSelection())))
    .toBe('tabulate=0.9');
  await expect(view.locator('.cm-content')).toBeFocused();
  await lab.closeView();

  const job = await page.evaluate(async text => {
    const base = JSON.parse(
      document.getElementById('jupyter-config-data')!.textContent!
    ) as { baseUrl: string };
    const xsrf = /_xsrf=([^;]+)/.exec(document.cookie)?.[1] ?? '';
    const answer = await fetch(`${base.baseUrl}envlink/api/environments`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-XSRFToken': xsrf },
      body: JSON.stringify({ text })
    });
    return (await answer.json()) as { id: string };
  }, 'name: clash\nchannels: [conda-forge]\ndependencies: [envlink-conflict-a, tabulate=0.9]\n');
  await lab.openPanel();
  const row = lab.panel.locator(`[data-job="${job.id}"]`);
  await expect(row).toHaveAttribute('data-status', 'failed');
  await expect(row).toContainText('which needs tabulate <0.9');
  await lab.shots('conflict-job');
  await lab.button(row, 'What can be done').click();
  await lab.button(lab.view, 'Take another tabulate').click();
  await expect(lab.view.locator('.jp-Envlink-conflict')).toHaveCount(0);
  await lab.button(lab.view, 'Create').click();
  await expect(lab.job('Create clash')).toHaveAttribute(
    'data-status',
    'succeeded',
    { timeout: 90 * 1000 }
  );
});
