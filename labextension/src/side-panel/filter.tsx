import type { IEnvironmentsProps } from './environments';

import type { TranslationBundle } from '@jupyterlab/translation';

import * as React from 'react';

interface IFilterProps extends IEnvironmentsProps {
  query: string;
  /** How many environments are left. */
  shown: number;
  toList: () => void;
}

/** What the list is filtered by. Down and Enter go into it, Escape empties the filter and then goes back, too. */
export const Filter = React.forwardRef<HTMLInputElement, IFilterProps>(
  (props, ref): JSX.Element => {
    const { model, query, shown, state, toList, trans } = props;
    return (
      <div className="jp-Envlink-filterBar">
        <input
          ref={ref}
          type="search"
          className="jp-Envlink-filter jp-mod-styled"
          placeholder={trans.__('Filter environments')}
          aria-label={trans.__('Filter by name, path, kind, language or state')}
          aria-keyshortcuts="/ Control+F"
          value={query}
          onChange={event => state.set({ query: event.target.value })}
          onKeyDown={event => {
            const { key } = event;
            if (key === 'ArrowDown' || key === 'Enter') {
              event.preventDefault();
              toList();
            } else if (key === 'Escape') {
              event.preventDefault();
              event.stopPropagation();
              state.set({ query: '' });
              if (query === '') {
                toList();
              }
            }
          }}
        />
        <p className="jp-Envlink-count" role="status">
          {query && said(shown, model.environments.length, query, trans)}
        </p>
      </div>
    );
  }
);
Filter.displayName = 'Filter';

/** What the filter leaves. */
function said(
  shown: number,
  all: number,
  query: string,
  trans: TranslationBundle
): string {
  return shown > 0
    ? trans.__('%1 of %2', shown, all)
    : trans.__('No environment matches "%1".', query);
}
