import type { IJupyterLabPageFixture } from '@jupyterlab/galata';
import { expect, test } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';
import * as fs from 'fs';
import * as path from 'path';

import type { Answer } from './answers';
import { environment, everyJob, everyState } from './answers';
import { Lab } from './lab';
import { SHOWN } from './shown';
import { open } from './steady';

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

/** The same in both themes as it was when it was looked at; for how long a job has been running is left out. */
async function expectAsReferred(
  page: IJupyterLabPageFixture,
  view: Locator,
  name: string
): Promise<void> {
  const lab = new Lab(page);
  const mask = [view.locator('.jp-Envlink-times')];
  await lab.inBothThemes(async theme => {
    await page.mouse.move(0, 0);
    await page.evaluate(() =>
      (document.activeElement as HTMLElement | null)?.blur()
    );
    const picture = `${name}-${theme}.png`;
    await expect.soft(view).toHaveScreenshot(picture, { mask });
  });
}

async function openPanel(
  page: IJupyterLabPageFixture,
  environments: Answer[],
  jobs: Answer[] = []
): Promise<Lab> {
  const lab = await open(page, environments, jobs);
  await skipElsewhere(page);
  await lab.openPanel();
  return lab;
}

test('the panel, with an environment in each state', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 1800 });
  const lab = await openPanel(page, everyState());
  await expect(lab.environment('ready')).toBeVisible();
  await expectAsReferred(page, lab.panel, 'panel');
});

test('the panel, with a job in each state', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 2400 });
  const lab = await openPanel(page, [environment('one')], everyJob());
  await expect(lab.environment('one')).toBeVisible();
  await expectAsReferred(page, lab.panel, 'jobs');
});

test('the panel, with nothing in it', async ({ page }) => {
  const lab = await openPanel(page, []);
  await expect(lab.panel).toContainText('No environment was found');
  await expectAsReferred(page, lab.panel, 'empty');
});

for (const [what, states] of Object.entries(SHOWN)) {
  test(what, async ({ page }) => {
    test.slow();
    let isElsewhere: Promise<void> | undefined;
    for await (const { name, view } of states(page)) {
      await (isElsewhere ??= skipElsewhere(page));
      await test.step(name, () => expectAsReferred(page, view, name));
    }
  });
}
