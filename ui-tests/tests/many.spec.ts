import { expect, test } from '@jupyterlab/galata';

import { answer } from './answers';
import { Lab } from './lab';
import { COUNT, many } from './many';

test.use({ autoGoto: false, mockState: true });

/** Milliseconds from opening the panel until its rows are painted. */
const FIRST_PAINT = 100;
/** Milliseconds that one frame of typing or scrolling may take; a person sees what takes longer. */
const FRAME = 50;
/** What happens once only is this much slower on a machine that does other work, too. */
const SLACK = 3;

function median(times: number[]): number {
  return times.sort((a, b) => a - b)[times.length >> 1];
}

/** Runs in the page: milliseconds from doing something until what it has changed is painted. */
const PAINTED = `async what => {
  const begin = performance.now();
  await what();
  await new Promise(done => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = done;
    channel.port2.postMessage(null);
  }));
  return performance.now() - begin;
}`;

test('1000 environments are painted at once, and typing and scrolling stay smooth', async ({
  page
}) => {
  await answer(page, many());
  await page.goto();
  const lab = new Lab(page);
  const rows = lab.panel.locator('[data-environment]:visible');
  const measured: { [what: string]: number } = {};
  await page.waitForFunction(
    () => document.querySelectorAll('[data-environment]').length > 0
  );

  // From the command that opens it until its rows are on the screen, seven times; the first one counts, too.
  const opened = await page.evaluate(
    async ([painted]) => {
      const within = eval(painted) as (
        what: () => Promise<void>
      ) => Promise<number>;
      const { commands, shell } = window.jupyterapp;
      const times: number[] = [];
      for (let run = 0; run < 7; run++) {
        await commands.execute('filebrowser:activate');
        await new Promise(done => setTimeout(done, 200));
        times.push(
          await within(async () => {
            shell.activateById('jp-envlink-panel');
            const isSeen = () => {
              const row = document.querySelector('[data-environment]');
              return (row?.getBoundingClientRect().height ?? 0) > 0;
            };
            while (!isSeen()) {
              await new Promise(requestAnimationFrame);
            }
          })
        );
      }
      return times;
    },
    [PAINTED]
  );
  measured.first = opened[0];
  measured.open = median(opened);
  expect(measured.first).toBeLessThan(FIRST_PAINT * SLACK);
  expect(measured.open).toBeLessThan(FIRST_PAINT);
  const drawn = await rows.count();
  expect(drawn).toBeGreaterThan(8);
  expect(drawn).toBeLessThan(80);

  // Each letter in the filter.
  const filter = lab.panel.getByRole('searchbox');
  await filter.click();
  const typed = await page.evaluate(
    async ([painted]) => {
      const within = eval(painted) as (
        what: () => Promise<void>
      ) => Promise<number>;
      const input = document.activeElement as HTMLInputElement;
      const set = Object.getOwnPropertyDescriptor(
        HTMLInputElement.prototype,
        'value'
      )!.set!;
      const times: number[] = [];
      for (let end = 1; end <= 'project-29'.length; end++) {
        times.push(
          await within(async () => {
            set.call(input, 'project-29'.slice(0, end));
            input.dispatchEvent(new Event('input', { bubbles: true }));
          })
        );
      }
      return times;
    },
    [PAINTED]
  );
  measured.letter = median(typed);
  expect(measured.letter).toBeLessThan(FRAME);
  await expect(rows).toHaveCount(11);
  await expect(lab.panel.getByRole('status').first()).toContainText(
    '11 of 1000'
  );
  await lab.shot('panel-filtered');
  await filter.fill('');

  // Through the whole list, a screen at a time.
  const frames = await page.evaluate(
    async ([painted]) => {
      const within = eval(painted) as (
        what: () => Promise<void>
      ) => Promise<number>;
      const scroller = document.querySelector('[data-envlink-scroller]')!;
      const times: number[] = [];
      let blank = 0;
      for (let top = 0; top < scroller.scrollHeight; top += 400) {
        times.push(await within(async () => scroller.scrollTo(0, top)));
        const { x, y } = scroller.getBoundingClientRect();
        const seen = document.elementFromPoint(x + 60, y + 30);
        blank += seen?.closest('[role=row]') ? 0 : 1;
      }
      return { times, blank };
    },
    [PAINTED]
  );
  measured.frame = median(frames.times);
  expect(measured.frame).toBeLessThan(FRAME);
  expect(frames.blank).toBe(0);
  expect(await rows.count()).toBeLessThan(80);
  await expect(lab.panel.getByText('10 are hidden')).toBeVisible();

  // All are read again: only what has changed is drawn.
  const again = await page.evaluate(
    async ([painted]) => {
      const within = eval(painted) as (
        what: () => Promise<void>
      ) => Promise<number>;
      const { commands } = window.jupyterapp;
      return within(() => commands.execute('jupyter_envlink:refresh'));
    },
    [PAINTED]
  );
  measured.refresh = again;
  const whole = Object.entries(measured).map(([what, ms]) => [
    what,
    Math.round(ms)
  ]);
  test.info().annotations.push({
    type: 'milliseconds',
    description: JSON.stringify(Object.fromEntries(whole))
  });
  console.log(`${COUNT} environments, milliseconds:`, whole.join(' '));
});
