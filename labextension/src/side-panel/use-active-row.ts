import type { IGridItem } from './grid-items';

import * as React from 'react';

/** The row that Tab reaches. */
export interface IActiveRow {
  index: number;
  /** Another row has the focus. */
  set: (index: number) => void;
  /** Put the focus into another row, or the nearest that there is; `false` where none is meant. */
  go: (index: number) => boolean;
  /** Called when the focus goes to another row by a key. */
  onMove: (index: number) => void;
  node: (index: number) => HTMLElement | null;
}

/**
 * Which row is active. It stays the same environment as long as that is in the list; when it goes, the next one takes
 * its place, and the focus where it had that.
 */
export function useActiveRow(
  grid: React.RefObject<HTMLElement>,
  items: readonly IGridItem[]
): IActiveRow {
  const [key, setKey] = React.useState('');
  const last = React.useRef(0);
  const wanted = React.useRef(false);
  const found = items.findIndex(each => each.key === key);
  const index = found >= 0 ? found : Math.min(last.current, items.length - 1);
  const node = (row: number) =>
    grid.current?.querySelector<HTMLElement>(`[data-index="${row}"]`) ?? null;
  // Read before React changes the page: afterwards what had the focus may be gone.
  const hadFocus = grid.current?.contains(document.activeElement) ?? false;
  const active: IActiveRow = {
    index,
    node,
    onMove: () => undefined,
    set: row => {
      last.current = row;
      setKey(items[row].key);
    },
    go: row => {
      if (items.length === 0 || (row < 0 && index < 0)) {
        return false;
      }
      const next = Math.max(0, Math.min(row, items.length - 1));
      if (items[next].key === key) {
        focus(next); // nothing is drawn anew, and later the focus may be meant to be elsewhere
      } else {
        wanted.current = true;
        active.set(next);
      }
      return true;
    }
  };
  const focus = (row: number) => {
    node(row)?.focus({ preventScroll: true });
    active.onMove(row);
  };
  React.useLayoutEffect(() => {
    const isLost = hadFocus && !grid.current?.contains(document.activeElement);
    if (wanted.current || isLost) {
      wanted.current = false;
      focus(index);
    }
  });
  return active;
}
