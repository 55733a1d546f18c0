import type { IJupyterLabPageFixture } from '@jupyterlab/galata';
import { expect, test } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';
import * as fs from 'fs';
import * as path from 'path';

import { HOME, Lab } from './lab';

// Kernels and sessions are the server's own.
test.use({ autoGoto: false, kernels: null, mockState: true, sessions: null });

const DONE = 90 * 1000;

test.setTimeout(3 * DONE);

let lab: Lab;

test.beforeEach(async ({ page }) => {
  await page.goto();
  lab = new Lab(page);
});

function lines(name: string): string[] {
  return [
    `name: ${name}`,
    'channels:',
    '  - conda-forge',
    'dependencies:',
    '  - python=3.11',
    '  - tabulate'
  ];
}

/** Put a notebook into a folder of the project that has an environment file, and open it. */
async function open(
  page: IJupyterLabPageFixture,
  folder: string,
  kernel: string
): Promise<void> {
  await lab.file(folder, 'environment.yml', lines(folder));
  const notebook = {
    cells: [
      {
        cell_type: 'code',
        execution_count: null,
        id: 'one',
        metadata: {},
        outputs: [],
        source: 'import sys\nprint(sys.prefix)'
      }
    ],
    metadata: {
      kernelspec: { display_name: kernel, language: 'python', name: kernel }
    },
    nbformat: 4,
    nbformat_minor: 5
  };
  const file = path.join(HOME, 'project', folder, 'analysis.ipynb');
  fs.writeFileSync(file, JSON.stringify(notebook));
  await page.filebrowser.refresh();
  await page.filebrowser.open(`${folder}/analysis.ipynb`);
  await expect(page.locator('.jp-NotebookPanel:visible')).toBeVisible();
}

function toast(page: IJupyterLabPageFixture, said: string): Locator {
  return page.locator('.Toastify__toast').filter({ hasText: said });
}

/** The notebook in front runs on an environment. */
async function runsOn(
  page: IJupyterLabPageFixture,
  name: string
): Promise<void> {
  await expect(page.locator('.jp-KernelName:visible')).toContainText(
    `${name} (Python 3.11)`,
    { timeout: DONE }
  );
  await expect(
    page.locator('.jp-Notebook-ExecutionIndicator:visible')
  ).toHaveAttribute('data-status', 'idle', { timeout: DONE });
  await page.notebook.selectCells(0);
  await page.keyboard.press('Control+Enter');
  await expect(
    page.locator('.jp-Notebook:visible .jp-Cell-outputArea').first()
  ).toContainText(path.join(HOME, 'envs', name), { timeout: DONE });
}

test('a notebook beside the file is offered the new kernel, and runs on it', async ({
  page
}) => {
  await open(page, 'harbour', 'python3');
  await expect(page.locator('.jp-KernelName:visible')).toContainText(
    'ipykernel'
  );
  const view = await lab.chooseCreate('environment.yml');
  await lab.button(view, 'Create').click();
  const said = toast(page, 'harbour is ready, and in the kernel menu.');
  await expect(said).toBeVisible({ timeout: DONE });
  // It stays for as long as somebody points at it.
  await said.hover();
  await lab.expectAccessible(said, 'attach-offer');
  await showNotebook(page);
  // Nothing is changed before the person says so.
  await expect(page.locator('.jp-KernelName:visible')).toContainText(
    'ipykernel'
  );
  await said.getByRole('button', { name: 'Use in analysis.ipynb' }).click();
  await runsOn(page, 'harbour');
  await expect(
    toast(page, 'analysis.ipynb runs on harbour (Python 3.11) now.')
  ).toBeVisible();
});

test('a notebook from which an environment is made gets its kernel at once', async ({
  page
}) => {
  await open(page, 'lagoon', 'python3');
  await page.menu.open('Kernel');
  await lab.shot('attach-menu');
  await page.menu.clickMenuItem('Kernel>Create Environment for Notebook…');
  await lab.dialog
    .locator('.jp-DirListing-item')
    .filter({ hasText: 'environment.yml' })
    .click();
  await lab.dialog.getByRole('button', { name: /^(Open|Select)/ }).click();
  await lab.button(await createView(), 'Create').click();
  await showNotebook(page);
  await runsOn(page, 'lagoon');
  await page.notebook.save();
  const saved = fs.readFileSync(
    path.join(HOME, 'project', 'lagoon', 'analysis.ipynb'),
    'utf-8'
  );
  expect(JSON.parse(saved).metadata.kernelspec.name).toBe('lagoon');
});

/** Where it is seen what is going to be made. */
async function createView(): Promise<Locator> {
  await expect(lab.view.locator('.jp-Envlink-solution')).toContainText(
    'to install'
  );
  return lab.view;
}

/** The notebook comes to the front. */
async function showNotebook(page: IJupyterLabPageFixture): Promise<void> {
  await page.getByRole('tab', { name: 'analysis.ipynb' }).click();
}

test('a notebook whose kernel is not there is offered to make it', async ({
  page
}) => {
  await open(page, 'estuary', 'estuary');
  const said = toast(page, 'The kernel estuary of analysis.ipynb is not here.');
  await expect(said).toContainText('environment.yml beside it');
  // JupyterLab itself asks for another one, a moment sooner or later.
  await lab.button(lab.dialog, 'No Kernel').click();
  await lab.expectAccessible(said, 'attach-missing');
  await said.getByRole('button', { name: 'Create environment…' }).click();
  await lab.button(await createView(), 'Create').click();
  await showNotebook(page);
  await runsOn(page, 'estuary');
});

test('a notebook whose kernel is there is offered nothing', async ({
  page
}) => {
  await open(page, 'estuary', 'estuary');
  await runsOn(page, 'estuary');
  await expect(page.locator('.Toastify__toast')).toHaveCount(0);
});
