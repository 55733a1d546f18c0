import { ActionButton } from './parts';

import type { TranslationBundle } from '@jupyterlab/translation';

import * as React from 'react';

/** Rows drawn at once: more than a screen has, few enough to come without a pause. */
const STEP = 50;

/** How far below the visible part, in pixels, further rows are drawn already. */
const AHEAD = 800;

interface IGrowingProps<T> {
  items: readonly T[];
  /** What the list holds, for a screen reader. */
  label: string;
  draw: (item: T) => JSX.Element;
  trans: TranslationBundle;
}

/**
 * A list of any length: its beginning, and more as the reader comes near to the end of it.
 */
export function Growing<T>(props: IGrowingProps<T>): JSX.Element {
  const { draw, items, label, trans } = props;
  const [count, setCount] = React.useState(STEP);
  const rest = items.length - count;
  return (
    <>
      <ul className="jp-Envlink-list" aria-label={label}>
        {items.slice(0, count).map(draw)}
      </ul>
      {rest > 0 && (
        <Rest
          key={count}
          count={rest}
          label={label}
          trans={trans}
          onNear={() => setCount(count + STEP)}
        />
      )}
    </>
  );
}

/** Stands for the rows that are not drawn; asks for them when it comes near, or is pressed. */
function Rest(props: {
  count: number;
  label: string;
  trans: TranslationBundle;
  onNear: () => void;
}): JSX.Element {
  const { count, label, onNear, trans } = props;
  const node = React.useRef<HTMLDivElement>(null);
  React.useEffect(() => {
    if (!node.current || typeof IntersectionObserver === 'undefined') {
      return;
    }
    const observer = new IntersectionObserver(
      entries => entries.some(each => each.isIntersecting) && onNear(),
      {
        root: node.current.closest('[data-envlink-scroller]'),
        rootMargin: `${AHEAD}px`
      }
    );
    observer.observe(node.current);
    return () => observer.disconnect();
  }, []);
  return (
    <div ref={node} className="jp-Envlink-rest">
      <ActionButton label={trans.__('Show more: %1', label)} onClick={onNear}>
        {trans.__('%1 more', count)}
      </ActionButton>
    </div>
  );
}
