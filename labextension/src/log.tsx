import type { ILine } from './log-lines';
import { findIn, linesOf, partsOf, textOf } from './log-lines';
import { ActionButton } from './parts';
import type { Envlink } from './tokens';
import { useLineSelection } from './use-line-selection';
import { useWindow } from './use-window';

import { Clipboard } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

import * as React from 'react';

interface ILogProps {
  entries: readonly Envlink.ILogEntry[];
  title: string;
  trans: TranslationBundle;
  /** Further buttons. */
  children?: React.ReactNode;
}

/** What a job says, however much: at its newest line unless the reader has scrolled up; to be searched and copied. */
export function Log(props: ILogProps): JSX.Element {
  const { children, entries, title, trans } = props;
  const lines = React.useMemo(() => linesOf(entries, trans), [entries]);
  const [wanted, setWanted] = React.useState('');
  const [current, setCurrent] = React.useState(0);
  const [copied, setCopied] = React.useState(0);
  const find = React.useRef<HTMLInputElement>(null);
  const found = React.useMemo(() => findIn(lines, wanted), [lines, wanted]);
  const view = useWindow(lines.length);
  const { handlers, range } = useLineSelection(lines, view);

  const go = (step: number) => {
    if (found.length > 0) {
      const next = (current + step + found.length) % found.length;
      setCurrent(next);
      view.show(found[next]);
    }
  };
  const onWanted = (text: string) => {
    const first = findIn(lines, text).find(each => each >= view.first);
    const place = findIn(lines, text).indexOf(first ?? -1);
    setWanted(text);
    setCurrent(Math.max(0, place));
    if (first !== undefined) {
      view.show(first);
    }
  };
  const copy = (first: number, last: number) => {
    Clipboard.copyToSystem(textOf(lines, first, last));
    setCopied(last - first + 1);
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    if ((event.ctrlKey || event.metaKey) && event.key === 'f') {
      event.preventDefault();
      find.current?.focus();
    }
  };

  return (
    <div className="jp-Envlink-logView" onKeyDown={onKeyDown}>
      <div className="jp-Envlink-logTools">
        <input
          ref={find}
          type="search"
          className="jp-Envlink-logFind"
          aria-label={trans.__('Find in the log: %1', title)}
          placeholder={trans.__('Find')}
          value={wanted}
          onChange={event => onWanted(event.target.value)}
          onKeyDown={event => {
            if (event.key === 'Enter') {
              event.preventDefault();
              go(event.shiftKey ? -1 : 1);
            }
          }}
        />
        <ActionButton
          label={trans.__('Previous place')}
          onClick={() => go(-1)}
          reason={found.length ? null : trans.__('Nothing is found.')}
        >
          {'↑'}
        </ActionButton>
        <ActionButton
          label={trans.__('Next place')}
          onClick={() => go(1)}
          reason={found.length ? null : trans.__('Nothing is found.')}
        >
          {'↓'}
        </ActionButton>
        <ActionButton
          label={trans.__('Copy the whole log')}
          onClick={() => copy(0, lines.length - 1)}
          reason={lines.length ? null : trans.__('It has said nothing yet.')}
        >
          {trans.__('Copy all')}
        </ActionButton>
        <ActionButton
          label={trans.__('Copy the selected lines')}
          onClick={() => range && copy(...range)}
          reason={range ? null : trans.__('No lines are selected.')}
        >
          {trans.__('Copy selection')}
        </ActionButton>
        {children}
        <span role="status" className="jp-Envlink-logSaid">
          {wanted
            ? found.length > 0
              ? trans.__('%1 of %2', current + 1, found.length)
              : trans.__('Not found')
            : copied > 0
              ? trans._n('One line copied', '%1 lines copied', copied)
              : ''}
        </span>
      </div>
      <div
        ref={view.node}
        className="jp-Envlink-log"
        role="log"
        // What is said comes too fast to be read out; phases are told where progress is.
        aria-live="off"
        dir="ltr"
        tabIndex={0}
        aria-label={trans.__('Log: %1', title)}
        onScroll={view.onScroll}
        {...handlers}
      >
        <div ref={view.probe} className="jp-Envlink-logProbe">
          {'\u00a0'}
        </div>
        {lines.length === 0 && <p>{trans.__('It has said nothing yet.')}</p>}
        <div
          className="jp-Envlink-logLines"
          style={{
            height: lines.length * view.line,
            paddingBlockStart: view.first * view.line
          }}
        >
          {lines.slice(view.first, view.last + 1).map((line, index) => (
            <Line
              key={view.first + index}
              line={line}
              number={view.first + index}
              wanted={wanted}
              isCurrent={found[current] === view.first + index}
              isSelected={isWithin(range, view.first + index)}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

function Line(props: {
  line: ILine;
  number: number;
  wanted: string;
  isCurrent: boolean;
  isSelected: boolean;
}): JSX.Element {
  const { isCurrent, isSelected, line, number, wanted } = props;
  const classes = ['jp-Envlink-logLine', `jp-Envlink-logLine-${line.kind}`];
  if (isSelected) {
    classes.push('jp-mod-selected');
  }
  return (
    <div className={classes.join(' ')} data-line={number}>
      {partsOf(line.text, wanted).map((part, index) =>
        index % 2 ? (
          <mark key={index} className={isCurrent ? 'jp-mod-current' : ''}>
            {part}
          </mark>
        ) : (
          part
        )
      )}
    </div>
  );
}

function isWithin(range: [number, number] | null, line: number): boolean {
  return range !== null && line >= range[0] && line <= range[1];
}
