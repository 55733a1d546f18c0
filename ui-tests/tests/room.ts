import type { IJupyterLabPageFixture } from '@jupyterlab/galata';
import { expect } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';

/** The narrowest that the panel is promised to work at, in CSS pixels. */
const NARROW = 280;

export async function narrow(page: IJupyterLabPageFixture): Promise<void> {
  await page.sidebar.setWidth(NARROW, 'left');
}

/** JupyterLab gives notifications and the panel a width of their own, which is below this. */
const OWN = 400;

/** As a view of the main area is that stands beside others: as narrow as the panel may be. */
export async function narrowed(
  page: IJupyterLabPageFixture,
  view: Locator,
  look: () => Promise<void>
): Promise<void> {
  const size = page.viewportSize() ?? { width: 1280, height: 800 };
  const width = () => view.evaluate(node => node.clientWidth);
  const before = await width();
  if (before < OWN) {
    return;
  }
  const beyond = before - NARROW;
  await page.setViewportSize({
    width: size.width - beyond,
    height: size.height
  });
  await expect.poll(width).toBeLessThanOrEqual(NARROW);
  await look();
  await page.setViewportSize(size);
}

/** As the page is in a language that is written from right to left. */
export async function turned(
  page: IJupyterLabPageFixture,
  look: () => Promise<void>
): Promise<void> {
  const turn = (direction: string) =>
    page.evaluate(value => {
      document.documentElement.dir = value;
    }, direction);
  await turn('rtl');
  await look();
  await turn('ltr');
}

/** What a browser does at 200 %: half the CSS pixels in the same window. */
export async function zoomed(
  page: IJupyterLabPageFixture,
  look: () => Promise<void>
): Promise<void> {
  const size = page.viewportSize() ?? { width: 1280, height: 800 };
  await page.setViewportSize({
    width: size.width / 2,
    height: size.height / 2
  });
  await look();
  await page.setViewportSize(size);
}

/**
 * Nothing within reaches beyond it to the side, and nothing has to be scrolled to the side, but for what is made for it
 * (`pre`, tables in a scroller of their own) and names that end in an ellipsis and are told whole in a title.
 */
export async function expectNothingCutOff(within: Locator): Promise<void> {
  await expect.poll(() => within.evaluate(cutOff)).toEqual([]);
}

/** The elements that stick out, each as its class and by how many pixels. */
function cutOff(root: Element): string[] {
  const edge = root.getBoundingClientRect();
  const scrolls = (node: Element) =>
    /auto|scroll/.test(getComputedStyle(node).overflowX) &&
    node.matches('pre, [role="log"], table, [data-scrolls-aside]');
  const shortened = (node: Element) =>
    getComputedStyle(node).textOverflow === 'ellipsis';
  const excused = (node: Element | null): boolean =>
    node !== null &&
    node !== root &&
    (scrolls(node) || shortened(node) || excused(node.parentElement));
  const found: string[] = [];
  for (const node of Array.from(root.querySelectorAll('*'))) {
    const { left, right, width, height } = node.getBoundingClientRect();
    const beyond = Math.max(edge.left - left, right - edge.right);
    const style = getComputedStyle(node);
    const isSeen = width > 1 && height > 1 && style.visibility === 'visible';
    const wide =
      /auto|scroll/.test(style.overflowX) && !excused(node)
        ? node.scrollWidth - node.clientWidth
        : 0;
    const much = Math.max(wide, isSeen && !excused(node) ? beyond : 0);
    if (much > 1) {
      found.push(`${node.tagName} ${node.getAttribute('class')}: ${much} px`);
    }
  }
  return found;
}
