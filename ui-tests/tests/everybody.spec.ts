import type { IJupyterLabPageFixture } from '@jupyterlab/galata';
import { expect, test } from '@jupyterlab/galata';

import type { Answer } from './answers';
import { answer, environment, everyJob, everyState, inform } from './answers';
import { expectNothingCutOff, narrow, turned, zoomed } from './room';
import { Lab } from './lab';

// The journeys look at what they come by; here are the states that few journeys meet.
test.use({ autoGoto: false, mockState: true });

const PANEL = '#jp-envlink-panel';

const THOUSAND = Array.from({ length: 1000 }, (_, index) =>
  environment(`project-${index}`)
);

const refused: Answer = { message: 'Forbidden', reason: null };

/** How each state of the panel comes about, and a word that tells that it has. */
const STATES: {
  [name: string]: {
    arrange: (page: IJupyterLabPageFixture) => Promise<void>;
    seen: string | RegExp;
  };
} = {
  loading: {
    arrange: page =>
      page.route(/envlink\/api\/(environments|jobs)/, () => undefined),
    seen: 'Looking for environments…'
  },
  empty: {
    arrange: page => answer(page, []),
    seen: 'No environment was found on this machine.'
  },
  unreachable: {
    arrange: page => page.route(/envlink\/api/, route => route.abort()),
    seen: 'The Jupyter server does not answer.'
  },
  'not allowed': {
    arrange: page =>
      page.route(/envlink\/api/, route =>
        route.fulfill({ status: 403, json: refused })
      ),
    seen: /Log in again/
  },
  'no server extension': {
    arrange: page =>
      page.route(/envlink\/api/, route =>
        route.fulfill({ status: 404, json: { message: 'Not Found' } })
      ),
    seen: /is not installed, or not enabled/
  },
  'every state': {
    arrange: page => answer(page, everyState()),
    seen: 'Incomplete'
  },
  'every job': {
    arrange: page => answer(page, [environment('one')], everyJob()),
    seen: 'Interrupted'
  },
  'read only': {
    arrange: async page => {
      await inform(page, { read_only: true });
      await answer(page, everyState());
    },
    seen: 'Whoever runs this server allows no changes to environments.'
  },
  'another manager': {
    arrange: async page => {
      await inform(page, {
        kernel_spec_manager: false,
        manager: 'nb_conda_kernels.CondaKernelSpecManager'
      });
      await answer(page, everyState());
    },
    seen: /so envlink stands aside/
  },
  thousand: {
    arrange: page => answer(page, THOUSAND),
    seen: 'project-0'
  }
};

async function openIn(
  page: IJupyterLabPageFixture,
  name: string
): Promise<Lab> {
  const { arrange, seen } = STATES[name];
  await arrange(page);
  await page.goto();
  const lab = new Lab(page);
  await lab.openPanel();
  await expect(lab.panel.getByText(seen).first()).toBeVisible();
  return lab;
}

for (const name of Object.keys(STATES)) {
  test(`the panel is for everybody: ${name}`, async ({ page }) => {
    const lab = await openIn(page, name);
    const file = `everybody-${name.replace(/ /g, '-')}`;
    await lab.expectAccessible(PANEL, file);

    await test.step('280 px wide', async () => {
      await narrow(page);
      await expectNothingCutOff(lab.panel);
      await lab.shot(`${file}-narrow`);
    });
    await test.step('from right to left', async () => {
      await turned(page, async () => {
        await expectNothingCutOff(lab.panel);
        await lab.shot(`${file}-rtl`);
      });
    });
    await test.step('at 200 %', async () => {
      await zoomed(page, async () => {
        await expectNothingCutOff(lab.panel);
        await lab.shot(`${file}-zoomed`);
      });
    });
  });
}

test('nothing moves for whoever wants no motion', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const lab = await openIn(page, 'every job');
  const moving = await lab.panel.evaluate(node =>
    node
      .getAnimations({ subtree: true })
      .map(each => (each.effect as KeyframeEffect | null)?.target?.className)
  );
  expect(moving).toEqual([]);
});

test('in forced colours the focus and the signs stay visible', async ({
  page
}) => {
  await page.emulateMedia({ forcedColors: 'active' });
  const lab = await openIn(page, 'every state');
  await lab.panel.getByRole('searchbox').focus();
  await page.keyboard.press('Tab');
  const outline = await page.evaluate(() => {
    const style = getComputedStyle(document.activeElement as Element);
    return [style.outlineStyle, parseFloat(style.outlineWidth)] as const;
  });
  expect(outline[0]).not.toBe('none');
  expect(outline[1]).toBeGreaterThanOrEqual(1);
  await lab.shot('everybody-forced-colors');
});
