import type { IJupyterLabPageFixture } from '@jupyterlab/galata';
import { expect } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';
import * as fs from 'fs';
import * as path from 'path';

import type { Answer } from './answers';
import { environment, job } from './answers';
import { HOME, Lab } from './lab';
import { GOOD } from './plans';
import type { IShown } from './steady';
import { open } from './steady';

const FOLDER = 'shown';

const FILE = {
  path: `${FOLDER}/environment.yml`,
  name: 'rivers',
  format: 'environment-yml',
  errors: 0,
  environment_id: null,
  environment: null,
  changes: null,
  obstacle: null
};

const RIVERS = environment('rivers');

const MADE = {
  environment_id: RIVERS.id,
  name: 'rivers',
  prefix: RIVERS.prefix
};

/** A notebook whose kernel is not there, beside a file that can make one. */
function putNotebook(): void {
  const folder = path.join(HOME, 'project', FOLDER);
  const kernelspec = {
    display_name: 'estuary',
    language: 'python',
    name: 'estuary'
  };
  const notebook = {
    cells: [],
    metadata: { kernelspec },
    nbformat: 4,
    nbformat_minor: 5
  };
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'environment.yml'), GOOD);
  const text = JSON.stringify(notebook);
  fs.writeFileSync(path.join(folder, 'analysis.ipynb'), text);
}

/** The job is of this state from now on, and the page has heard of it. */
async function move(lab: Lab, jobs: Answer[], now: Answer): Promise<void> {
  const at = jobs.findIndex(each => each.id === now.id);
  jobs.splice(at < 0 ? 0 : at, at < 0 ? 0 : 1, now);
  await lab.execute('refresh');
}

/** Begin to make an environment for the notebook, until the server says that it is made. */
async function make(lab: Lab, jobs: Answer[]): Promise<void> {
  const said = { ...MADE, id: '20260101-110000-aabbcc' };
  await lab.page.route(/envlink\/api\/environments(\?|$)/, route =>
    route.request().method() === 'POST'
      ? route.fulfill({ status: 202, json: job('running', said) })
      : route.fallback()
  );
  await lab.execute('create-environment', { path: FILE.path });
  await lab.button(lab.view, 'Create').click();
  await expect(lab.view.locator('[data-job]')).toBeVisible();
  await move(lab, jobs, job('succeeded', { ...said, result: MADE }));
}

/** What is told of jobs and to notebooks, each as it stays in sight, and all in JupyterLab's list. */
export async function* notifications(
  page: IJupyterLabPageFixture
): AsyncGenerator<IShown> {
  putNotebook();
  const jobs: Answer[] = [];
  const lab = await open(page, [RIVERS], jobs);
  await page.route(/envlink\/api\/files(\?|$)/, route =>
    route.fulfill({ json: { files: [FILE], folder: FOLDER, is_whole: true } })
  );
  const toast = (said: string): Locator =>
    page.locator('.Toastify__toast').filter({ hasText: said });

  await page.filebrowser.open(`${FOLDER}/analysis.ipynb`);
  // JupyterLab itself asks for another kernel, a moment sooner or later.
  await lab.button(lab.dialog, 'No Kernel').click();
  const offer = toast('The kernel estuary of analysis.ipynb is not here.');
  await expect(offer).toBeVisible();
  yield { name: 'notification-offer', view: offer };

  const failing = { id: '20260101-100000-ddeeff', name: 'delta' };
  await move(lab, jobs, job('running', failing));
  await move(lab, jobs, job('failed', failing));
  const failed = toast('Create delta: pip could not install');
  await expect(failed).toBeVisible();
  yield { name: 'notification-failed', view: failed };

  await move(
    lab,
    jobs,
    job('running', { ...failing, id: '20260101-120000-0' })
  );
  await make(lab, jobs);
  await page.locator('.jp-Notification-Status').click();
  const list = page.locator('.jp-Notification-Center');
  await expect(
    list.getByRole('button', { name: 'Use in analysis.ipynb' })
  ).toBeVisible();
  yield { name: 'notification-list', view: list };
}
