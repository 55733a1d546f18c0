import type { IJupyterLabPageFixture } from '@jupyterlab/galata';
import { test } from '@jupyterlab/galata';

import { Lab } from './lab';
import { expectNothingCutOff, narrowed, turned, zoomed } from './room';
import { SHOWN } from './shown';
import type { IShown } from './steady';

// The views of the main area, for everybody. What is in them is looked at in the journeys of each.
test.use({ autoGoto: false, mockState: true });

/** Look at what is in front as everybody would. */
async function forEverybody(
  page: IJupyterLabPageFixture,
  { name, view }: IShown
): Promise<void> {
  const lab = new Lab(page);
  await lab.expectAccessible(view, `view-${name}`);
  for (const [how, look] of Object.entries({ rtl: turned, zoomed })) {
    await look(page, async () => {
      await expectNothingCutOff(view);
      await lab.shot(`view-${name}-${how}`);
    });
  }
  await narrowed(page, view, async () => {
    await expectNothingCutOff(view);
    await lab.shot(`view-${name}-narrow`);
  });
}

for (const [what, states] of Object.entries(SHOWN)) {
  test(`for everybody: ${what}`, async ({ page }) => {
    test.slow();
    for await (const shown of states(page)) {
      await test.step(shown.name, () => forEverybody(page, shown));
    }
  });
}
