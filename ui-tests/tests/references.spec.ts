import type { IJupyterLabPageFixture } from '@jupyterlab/galata';
import { expect, test } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';
import * as fs from 'fs';
import * as path from 'path';

import type { Answer } from './answers';
import { answer, environment, everyJob, everyState, inform } from './answers';
import { Lab } from './lab';

// Pictures that are kept (`../references`) and compared with a tolerance. They are of one browser and its fonts:
// anywhere else this file is skipped, and says so. `make references` takes them anew.
test.use({
  autoGoto: false,
  mockState: true,
  locale: 'en-GB',
  timezoneId: 'UTC'
});

const REFERENCES = path.join(__dirname, '..', 'references');
const MADE_WITH = path.join(REFERENCES, 'made-with.json');

/** What pictures depend on beside us: the browser, and how wide its fonts draw a text. */
interface IDrawing {
  browser: string;
  width: number;
}

let lab: Lab;

async function drawing(page: IJupyterLabPageFixture): Promise<IDrawing> {
  const width = await page.evaluate(() => {
    const context = document.createElement('canvas').getContext('2d');
    const body = getComputedStyle(document.body);
    context!.font = `100px ${body.getPropertyValue('--jp-ui-font-family')}`;
    return Math.round(
      context!.measureText('Every environment is a kernel, 0123456789').width
    );
  });
  const version = page.context().browser()?.version() ?? '';
  return { browser: `Chromium ${version.split('.')[0]}`, width };
}

/** Skip where the pictures would differ for reasons that are not ours; note what they depend on where they are taken. */
async function skipElsewhere(page: IJupyterLabPageFixture): Promise<void> {
  const here = await drawing(page);
  if (test.info().config.updateSnapshots === 'all') {
    fs.mkdirSync(REFERENCES, { recursive: true });
    fs.writeFileSync(MADE_WITH, JSON.stringify(here) + '\n');
  }
  test.skip(!fs.existsSync(MADE_WITH), 'No references were taken.');
  const there: IDrawing = JSON.parse(fs.readFileSync(MADE_WITH, 'utf-8'));
  test.skip(
    here.browser !== there.browser || here.width !== there.width,
    `The references are of ${there.browser} (a text of ${there.width} px), this is ${here.browser} (${here.width} px).`
  );
}

/** The same in both themes as it was when it was looked at; times and sizes are left out. */
async function expectAsReferred(view: Locator, name: string): Promise<void> {
  const mask = [view.locator('time, .jp-Envlink-times')];
  for (const theme of ['light', 'dark'] as const) {
    await lab.theme(theme === 'light' ? 'JupyterLab Light' : 'JupyterLab Dark');
    await lab.page.evaluate(() =>
      (document.activeElement as HTMLElement | null)?.blur()
    );
    await expect(view).toHaveScreenshot(`${name}-${theme}.png`, { mask });
  }
  await lab.theme('JupyterLab Light');
}

async function open(
  page: IJupyterLabPageFixture,
  environments: Answer[],
  jobs: Answer[] = []
): Promise<void> {
  await inform(page, { envs_dir: '/home/me/envs' });
  await answer(page, environments, jobs);
  // What other journeys have left in the same home.
  await page.route(/envlink\/api\/removed(\?|$)/, route =>
    route.fulfill({ json: { removed: [] } })
  );
  await page.route(/envlink\/api\/files(\?|$)/, route =>
    route.fulfill({ json: { files: [], folder: '', is_whole: true } })
  );
  await page.goto();
  await skipElsewhere(page);
  lab = new Lab(page);
  await lab.openPanel();
}

test('the panel, with an environment in each state', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 1800 });
  await open(page, everyState());
  await expect(lab.environment('ready')).toBeVisible();
  await expectAsReferred(lab.panel, 'panel');
});

test('the panel, with a job in each state', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 2400 });
  await open(page, [environment('one')], everyJob());
  await expect(lab.environment('one')).toBeVisible();
  await expectAsReferred(lab.panel, 'jobs');
});

test('the panel, with nothing in it', async ({ page }) => {
  await open(page, []);
  await expect(lab.panel).toContainText('No environment was found');
  await expectAsReferred(lab.panel, 'empty');
});

test('the ways to begin', async ({ page }) => {
  await open(page, [environment('one')]);
  await page.evaluate(() =>
    window.jupyterapp.commands.execute('jupyter_envlink:new-environment')
  );
  const view = page.locator('.jp-Envlink-beginContent:visible');
  await expect(view.getByRole('tab').first()).toBeFocused();
  await expectAsReferred(view, 'begin');
});

test('a file with a mistake', async ({ page }) => {
  await open(page, [environment('one')]);
  await page.evaluate(() =>
    window.jupyterapp.commands.execute('jupyter_envlink:create-environment', {
      text: 'name: mistake\ndependencies:\n  - numpy\n  - python: 3.11\n'
    })
  );
  await expect(lab.view.locator('.cm-lint-marker-error')).toBeVisible();
  await expect(lab.view.locator('.cm-content')).toBeFocused();
  // Not what is beside them: where the environment would lie is another place in each run.
  await expectAsReferred(lab.view.locator('.cm-editor'), 'mistake');
  await expectAsReferred(
    lab.view.locator('.jp-Envlink-diagnostics'),
    'mistake-said'
  );
});
