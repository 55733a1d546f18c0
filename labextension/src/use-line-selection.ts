import type { ILine } from './log-lines';
import { textOf } from './log-lines';
import type { IWindow } from './use-window';

import * as React from 'react';

/** Lines that are selected, also those that are not drawn now. */
export interface ILineSelection {
  /** The first and the last one; `null` where less than a line is selected, which the browser shows. */
  range: [number, number] | null;
  handlers: {
    onMouseDown: (event: React.MouseEvent) => void;
    onMouseMove: (event: React.MouseEvent) => void;
    onKeyDown: (event: React.KeyboardEvent) => void;
    onCopy: (event: React.ClipboardEvent) => void;
  };
}

/** Where a selection has begun, and where it is now. */
interface ISpan {
  from: number;
  to: number;
}

/**
 * Select whole lines, by dragging, by Shift and a click, or by Shift and the arrow keys: what the browser selects by
 * itself ends where lines are not drawn. Within a line it is the browser's own.
 */
export function useLineSelection(
  lines: readonly ILine[],
  view: IWindow
): ILineSelection {
  const [span, setSpan] = React.useState<ISpan | null>(null);
  const range = rangeOf(span);

  const extend = (to: number) => {
    window.getSelection()?.removeAllRanges();
    setSpan(before => ({ from: before?.from ?? to, to }));
  };

  const onMouseDown = (event: React.MouseEvent) => {
    const line = lineAt(event.target);
    if (event.shiftKey && span && line !== null) {
      event.preventDefault();
      extend(line);
    } else {
      setSpan(line === null ? null : { from: line, to: line });
    }
  };

  const onMouseMove = (event: React.MouseEvent) => {
    const line = lineAt(event.target);
    if (event.buttons === 1 && span && line !== null && line !== span.to) {
      extend(line);
    }
  };

  const onKeyDown = (event: React.KeyboardEvent) => {
    const last = lines.length - 1;
    const from = span ?? { from: view.first, to: view.first };
    const to = target(event, from.to, last);
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'a') {
      event.preventDefault();
      window.getSelection()?.removeAllRanges();
      setSpan({ from: 0, to: last });
    } else if (event.shiftKey && to !== null && last >= 0) {
      event.preventDefault();
      setSpan({ from: from.from, to });
      view.show(to);
    } else if (event.key === 'Escape') {
      setSpan(null);
    }
  };

  const onCopy = (event: React.ClipboardEvent) => {
    if (range) {
      event.preventDefault();
      event.clipboardData.setData('text/plain', textOf(lines, ...range));
    }
  };

  return { range, handlers: { onMouseDown, onMouseMove, onKeyDown, onCopy } };
}

function rangeOf(span: ISpan | null): [number, number] | null {
  return span && span.from !== span.to
    ? [Math.min(span.from, span.to), Math.max(span.from, span.to)]
    : null;
}

function lineAt(target: EventTarget): number | null {
  const node = (target as Element).closest<HTMLElement>('[data-line]');
  return node ? Number(node.dataset.line) : null;
}

function target(
  event: React.KeyboardEvent,
  from: number,
  last: number
): number | null {
  const to: { [key: string]: number } = {
    ArrowDown: from + 1,
    ArrowUp: from - 1,
    PageDown: from + 20,
    PageUp: from - 20,
    Home: 0,
    End: last
  };
  return event.key in to ? Math.max(0, Math.min(last, to[event.key])) : null;
}
