import { phaseWord } from './job-words';
import type { Envlink } from './tokens';

import type { TranslationBundle } from '@jupyterlab/translation';

import * as React from 'react';

/** Distance from the end, in pixels, at which a reader still wants the newest line. */
const NEAR_END = 40;

/** What a job says, at its newest line unless the reader has scrolled up. */
export function Log(props: {
  entries: readonly Envlink.ILogEntry[];
  title: string;
  trans: TranslationBundle;
}): JSX.Element {
  const { entries, title, trans } = props;
  const node = React.useRef<HTMLDivElement>(null);
  const atEnd = React.useRef(true);
  React.useLayoutEffect(() => {
    if (node.current && atEnd.current) {
      node.current.scrollTop = node.current.scrollHeight;
    }
  }, [entries]);
  const onScroll = () => {
    const {
      scrollHeight = 0,
      scrollTop = 0,
      clientHeight = 0
    } = node.current ?? {};
    atEnd.current = scrollHeight - scrollTop - clientHeight < NEAR_END;
  };
  return (
    <div
      ref={node}
      className="jp-Envlink-log"
      role="log"
      tabIndex={0}
      aria-label={trans.__('Log: %1', title)}
      onScroll={onScroll}
    >
      {entries.length === 0 && <p>{trans.__('It has said nothing yet.')}</p>}
      {entries.map((entry, index) => (
        <div
          key={`${entry.time} ${index}`}
          className={`jp-Envlink-logEntry jp-Envlink-logEntry-${entry.kind}`}
        >
          {entry.kind === 'phase' && entry.phase && (
            <div className="jp-Envlink-logPhase">
              {phaseWord(entry.phase, trans)}
            </div>
          )}
          {entry.text}
        </div>
      ))}
    </div>
  );
}
