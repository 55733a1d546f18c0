import type { Rect, VirtualItem, Virtualizer } from '@tanstack/react-virtual';
import {
  defaultRangeExtractor,
  measureElement,
  observeElementRect,
  useVirtualizer
} from '@tanstack/react-virtual';

import * as React from 'react';

/** Pixels that a closed row takes, until it is measured. */
const ROW = 50;
/** Pixels that are filled with rows while the panel is not shown, so that they stand there when it is. */
const SCREEN = 600;
/** Rows drawn beyond what is seen, on either side. */
const OVERSCAN = 8;

/** Marks the node that a list scrolls in. */
export const SCROLLER = 'data-envlink-scroller';

type Rows = Virtualizer<HTMLElement, HTMLElement>;

/** A row that is drawn. */
interface IDrawnRow {
  index: number;
  key: string;
  /** Pixels below the first of the rows that are seen, where it is not among them. */
  top: number | null;
}

/** The rows that are drawn of a long list. */
export interface IRowWindow {
  rows: IDrawnRow[];
  /** Pixels of all rows together. */
  height: number;
  /** Pixels of the rows before the first of those that are seen, which follow each other as they are high. */
  offset: number;
  /** For each row's `ref`. */
  measure: (node: HTMLElement | null) => void;
  reveal: (index: number) => void;
  /** How many rows are seen at once. */
  page: number;
}

/**
 * Which of `keys` are drawn in `list`, which scrolls in the next node that has `SCROLLER`. The row at `always` is drawn
 * wherever one has scrolled to: it may have the focus.
 */
export function useRowWindow(
  list: React.RefObject<HTMLElement>,
  keys: readonly string[],
  always: number
): IRowWindow {
  const margin = useMargin(list);
  const rows: Rows = useVirtualizer<HTMLElement, HTMLElement>({
    count: keys.length,
    estimateSize: () => ROW,
    getItemKey: index => keys[index],
    getScrollElement: () =>
      list.current?.closest<HTMLElement>(`[${SCROLLER}]`) ?? null,
    measureElement: (node, entry, instance) =>
      measureElement(node, entry, instance) || ROW,
    observeElementRect: (instance, take) =>
      observeElementRect(instance, rect => take(seen(rect))),
    overscan: OVERSCAN,
    rangeExtractor: range => withRow(defaultRangeExtractor(range), always),
    scrollMargin: margin,
    useFlushSync: false
  });
  const drawn = rows.getVirtualItems();
  const isPinned = ({ index }: VirtualItem) =>
    index === always && !isNear(rows.range, index);
  const first = drawn.find(each => !isPinned(each))?.start ?? margin;
  return {
    rows: drawn.map(each => ({
      index: each.index,
      key: String(each.key),
      top: isPinned(each) ? each.start - first : null
    })),
    height: rows.getTotalSize(),
    offset: first - margin,
    measure: rows.measureElement,
    reveal: index => rows.scrollToIndex(index, { align: 'auto' }),
    page: Math.max(1, Math.floor((rows.scrollRect?.height ?? SCREEN) / ROW) - 1)
  };
}

/** Whether a row is drawn because it is seen, or nearly. */
function isNear(range: Rows['range'], index: number): boolean {
  return (
    range !== null &&
    index >= range.startIndex - OVERSCAN &&
    index <= range.endIndex + OVERSCAN
  );
}

/** What is not shown has no height. */
function seen(rect: Rect): Rect {
  return rect.height > 0 ? rect : { ...rect, height: SCREEN };
}

function withRow(indexes: number[], row: number): number[] {
  return row < 0 || indexes.includes(row)
    ? indexes
    : [...indexes, row].sort((a, b) => a - b);
}

/** Where a list begins in what scrolls; what stands above it may grow. */
function useMargin(list: React.RefObject<HTMLElement>): number {
  const [margin, setMargin] = React.useState(0);
  React.useLayoutEffect(() => setMargin(list.current?.offsetTop ?? 0));
  return margin;
}
