import * as React from 'react';

/** Lines kept above and below those in sight, so that scrolling shows no gap. */
const MARGIN = 20;

/** Distance from the end, in lines, at which a reader still wants the newest line. */
const NEAR_END = 2;

/** Where nothing is laid out, as in tests: pixels. */
const UNKNOWN = { line: 17, height: 400 };

/** Which of many equally high lines are drawn, and how to get to another. */
export interface IWindow {
  /** Of the element that scrolls. */
  node: React.RefObject<HTMLDivElement>;
  /** Of an element that is as high as a line. */
  probe: React.RefObject<HTMLDivElement>;
  onScroll: () => void;
  /** The height of a line, in pixels. */
  line: number;
  first: number;
  last: number;
  /** Bring a line into sight, in the middle; the end is not followed any more. */
  show: (index: number) => void;
}

/**
 * Draw those of `count` lines that are in sight; while the end is in sight, it stays so as lines come.
 */
export function useWindow(count: number): IWindow {
  const node = React.useRef<HTMLDivElement>(null);
  const probe = React.useRef<HTMLDivElement>(null);
  const atEnd = React.useRef(true);
  const [top, setTop] = React.useState(0);
  const [size, setSize] = React.useState(UNKNOWN);

  const measure = React.useCallback(() => {
    const line = probe.current?.getBoundingClientRect().height;
    const height = node.current?.clientHeight;
    const now = {
      line: line || UNKNOWN.line,
      height: height || UNKNOWN.height
    };
    setSize(before =>
      before.line === now.line && before.height === now.height ? before : now
    );
  }, []);

  React.useLayoutEffect(() => {
    measure();
    if (!node.current || typeof ResizeObserver === 'undefined') {
      return;
    }
    const observer = new ResizeObserver(measure);
    observer.observe(node.current);
    return () => observer.disconnect();
  }, []);

  React.useLayoutEffect(() => {
    if (node.current && atEnd.current) {
      node.current.scrollTop = node.current.scrollHeight;
      setTop(node.current.scrollTop);
    }
  }, [count, size]);

  const onScroll = () => {
    if (node.current) {
      const { clientHeight, scrollHeight, scrollTop } = node.current;
      atEnd.current =
        scrollHeight - scrollTop - clientHeight < NEAR_END * size.line;
      setTop(scrollTop);
    }
  };

  const show = (index: number) => {
    if (node.current) {
      const middle = (size.height - size.line) / 2;
      atEnd.current = false;
      node.current.scrollTop = Math.max(0, index * size.line - middle);
      setTop(node.current.scrollTop);
    }
  };

  const first = Math.floor(top / size.line) - MARGIN;
  const last = Math.ceil((top + size.height) / size.line) + MARGIN;
  return {
    node,
    probe,
    onScroll,
    line: size.line,
    first: Math.max(0, Math.min(first, count - 1)),
    last: Math.min(last, count - 1),
    show
  };
}
