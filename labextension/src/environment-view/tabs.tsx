import * as React from 'react';

/** One tab and what it shows. */
export interface ITab {
  id: string;
  label: string;
  draw: () => JSX.Element;
}

/**
 * Tabs as the ARIA practices describe them: arrow keys, Home and End move among them and show what they stand for.
 */
export function Tabs(props: {
  /** What they are about, for a screen reader. */
  label: string;
  tabs: ITab[];
  chosen: string;
  onChoose: (id: string) => void;
  /** Tells apart several such views in a page. */
  prefix: string;
}): JSX.Element {
  const { chosen, label, onChoose, prefix, tabs } = props;
  const list = React.useRef<HTMLDivElement>(null);
  const shown = tabs.find(each => each.id === chosen) ?? tabs[0];
  const onKeyDown = (event: React.KeyboardEvent) => {
    const isMirrored =
      list.current !== null &&
      getComputedStyle(list.current).direction === 'rtl';
    const next = moved(event.key, tabs.indexOf(shown), tabs.length, isMirrored);
    if (next !== null) {
      event.preventDefault();
      onChoose(tabs[next].id);
      list.current?.querySelectorAll<HTMLElement>('[role="tab"]')[next].focus();
    }
  };
  return (
    <>
      <div
        ref={list}
        className="jp-EnvlinkView-tabs"
        role="tablist"
        aria-label={label}
        onKeyDown={onKeyDown}
      >
        {tabs.map(each => (
          <button
            key={each.id}
            type="button"
            role="tab"
            id={`${prefix}-tab-${each.id}`}
            aria-controls={`${prefix}-${each.id}`}
            aria-selected={each === shown}
            tabIndex={each === shown ? 0 : -1}
            onClick={() => onChoose(each.id)}
          >
            {each.label}
          </button>
        ))}
      </div>
      <div
        key={shown.id}
        className="jp-EnvlinkView-page"
        role="tabpanel"
        id={`${prefix}-${shown.id}`}
        aria-labelledby={`${prefix}-tab-${shown.id}`}
        tabIndex={0}
        data-envlink-scroller=""
      >
        {shown.draw()}
      </div>
    </>
  );
}

/** The index that a key leads to; `null` for a key that leads nowhere. */
export function moved(
  key: string,
  at: number,
  count: number,
  isMirrored = false
): number | null {
  switch (key) {
    case 'ArrowRight':
    case 'ArrowLeft':
      return (
        (at + ((key === 'ArrowRight') !== isMirrored ? 1 : -1) + count) % count
      );
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}
