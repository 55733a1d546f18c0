import type { Menu } from '@lumino/widgets';

/**
 * What in `node` had the focus when a context menu was opened there has it again once that closes, and a dialog that the
 * menu opens finds it so: a menu of Lumino's leaves the focus to nothing.
 */
export function keepFocus(node: HTMLElement, menu: Menu): void {
  let opener: HTMLElement | null = null;
  node.addEventListener('contextmenu', () => {
    const focused = document.activeElement;
    opener =
      focused instanceof HTMLElement && node.contains(focused) ? focused : null;
  });
  menu.aboutToClose.connect(() => {
    if (menu.node.contains(document.activeElement)) {
      opener?.focus({ preventScroll: true });
    }
    opener = null;
  });
}
