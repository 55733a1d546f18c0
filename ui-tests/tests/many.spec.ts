import { expect, test } from '@jupyterlab/galata';

import { Lab } from './lab';

test.use({ autoGoto: false, mockState: true });

const COUNT = 1000;

/** Milliseconds that a person waits without noticing it much; a loaded machine has a multiple of what is needed. */
const SOON = 2000;

/** An environment as the server tells it. What a thousand cost the *page* is looked at here; the server has benchmarks. */
function environment(index: number) {
  const name = `project-${index}`;
  return {
    id: index.toString(16).padStart(12, '0'),
    name,
    prefix: `/home/me/envs/${name}`,
    kind: 'conda',
    state: index % 10 === 0 ? 'no-kernel' : 'ready',
    problem:
      index % 10 === 0
        ? {
            code: 'no-kernel',
            message: 'It has a Python and no ipykernel.',
            remedy: 'Install a kernel.'
          }
        : null,
    registration_problem: null,
    language: 'python',
    python_version: '3.11',
    is_base: false,
    is_server: false,
    writable: true,
    frozen: false,
    hidden: index % 100 === 1,
    title: null,
    variables: {},
    overlay: false,
    actions: index % 10 === 0 ? ['install-kernel', 'overlay'] : [],
    attached: true,
    registered: true,
    kernels: [
      { name, display_name: `${name} (Python 3.11)`, language: 'python' }
    ],
    running: [],
    exports: [],
    not_removable: null,
    not_changeable: null
  };
}

test('1000 environments are shown and filtered quickly', async ({ page }) => {
  const environments = Array.from({ length: COUNT }, (_, index) =>
    environment(index)
  );
  await page.route(/envlink\/api\/environments\?/, route =>
    route.fulfill({ json: { age: 0, environments, stale: [] } })
  );
  await page.goto();
  const lab = new Lab(page);
  const rows = lab.panel.locator('[data-environment]:visible');
  const filter = lab.panel.getByRole('searchbox');
  const measured: { [what: string]: number } = {};
  const within = async (what: string, step: () => Promise<void>) => {
    const begin = Date.now();
    await step();
    measured[what] = Date.now() - begin;
    expect(measured[what], what).toBeLessThan(SOON);
  };

  await within('open the panel', async () => {
    await lab.openPanel();
    await filter.click();
  });
  await within('draw all anew', async () => {
    await lab.panel.locator('[data-command="jupyter_envlink:refresh"]').click();
    await page.evaluate(() => new Promise(requestAnimationFrame));
  });
  const drawn = await rows.count();
  expect(drawn).toBeGreaterThan(10);
  expect(drawn).toBeLessThan(COUNT / 5);
  await within('filter', async () => {
    await filter.fill('project-29');
    await expect(rows).toHaveCount(11);
    await expect(lab.panel.getByRole('status')).toContainText('11 of 1000');
  });
  await lab.shot('panel-filtered');

  // Whoever scrolls meets every one, and never an end that is none.
  await filter.fill('project-99');
  await expect(rows).toHaveCount(11);
  await filter.fill('');
  const last = lab.panel.locator('.jp-Envlink-hidden > summary');
  await expect(async () => {
    await lab.panel
      .locator('[data-envlink-scroller]')
      .first()
      .evaluate(node => node.scrollTo(0, node.scrollHeight));
    expect(await rows.count()).toBe(COUNT - COUNT / 100);
  }).toPass({ timeout: 30 * 1000 });
  await expect(last).toContainText('10 are hidden');
  await within('filter with all drawn', async () => {
    await filter.fill('project-29');
    await expect(rows).toHaveCount(11);
  });
  test.info().annotations.push({
    type: 'milliseconds',
    description: JSON.stringify(measured)
  });
  console.log(`1000 environments, milliseconds: ${JSON.stringify(measured)}`);
});
