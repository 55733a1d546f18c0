import type { Envlink } from '../tokens';
import type { ISearch } from './use-search';

import type { TranslationBundle } from '@jupyterlab/translation';

import * as React from 'react';

const FIELD = 'jp-envlink-begin-package';
const LIST = `${FIELD}-list`;

/**
 * A field for the name of a package, with those of the channels below it: a combobox, as ARIA describes it. What is
 * typed is taken as it stands, unless one of the list is chosen.
 */
export function PackageField(props: {
  /** What is typed. */
  query: string;
  search: ISearch;
  onQuery: (query: string) => void;
  /** A package is wanted: its name, or a whole spec. */
  onAdd: (spec: string) => void;
  trans: TranslationBundle;
}): JSX.Element {
  const { onAdd, onQuery, query, search, trans } = props;
  const [active, setActive] = React.useState(-1);
  const [isOpen, setOpen] = React.useState(false);
  const found = query.trim() ? (search.found?.packages ?? []) : [];
  const isShown = isOpen && found.length > 0;
  const chosen = isShown ? found[active] : undefined;
  React.useEffect(() => setActive(-1), [search.found, query]);
  React.useEffect(() => {
    document
      .getElementById(optionId(active))
      ?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  const add = (spec: string) => {
    if (spec.trim()) {
      onAdd(spec.trim());
    }
    onQuery('');
    setOpen(false);
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const next = movedIn(found.length, active, event.key);
    if (next !== undefined && found.length) {
      setOpen(true);
      setActive(next);
    } else if (event.key === 'Enter' && query.trim()) {
      add(chosen?.name ?? query);
    } else if (event.key === 'Escape' && isShown) {
      setOpen(false);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className="jp-Envlink-field jp-Envlink-combobox">
      <label htmlFor={FIELD}>{trans.__('Add a package')}</label>
      <input
        id={FIELD}
        className="jp-mod-styled"
        role="combobox"
        dir="ltr"
        aria-autocomplete="list"
        aria-controls={LIST}
        aria-expanded={isShown}
        aria-activedescendant={chosen ? optionId(active) : undefined}
        aria-describedby={`${FIELD}-note`}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        value={query}
        onChange={event => {
          onQuery(event.target.value);
          setOpen(true);
        }}
        onBlur={() => setOpen(false)}
        onKeyDown={onKeyDown}
      />
      <ul
        id={LIST}
        role="listbox"
        aria-label={trans.__('Packages of the channels')}
        hidden={!isShown}
        tabIndex={-1}
      >
        {found.map((each, index) => (
          <Option
            key={each.name}
            index={index}
            isActive={index === active}
            one={each}
            onChoose={() => add(each.name)}
          />
        ))}
      </ul>
      <p id={`${FIELD}-note`} className="jp-Envlink-note">
        {trans.__('A name, or a name with a version, such as numpy>=2.')}
      </p>
      <p role="status" className="jp-Envlink-note">
        {query.trim() ? outcome(search, trans) : ''}
      </p>
    </div>
  );
}

function Option(props: {
  index: number;
  isActive: boolean;
  one: Envlink.IFoundPackage;
  onChoose: () => void;
}): JSX.Element {
  const { index, isActive, onChoose, one } = props;
  return (
    <li
      id={optionId(index)}
      role="option"
      aria-selected={isActive}
      // The field keeps the focus.
      onMouseDown={event => event.preventDefault()}
      onClick={onChoose}
    >
      <b>
        <bdi>{one.name}</bdi>
      </b>{' '}
      {one.version && <bdi>{one.version}</bdi>}
      {one.summary && <span className="jp-Envlink-summary">{one.summary}</span>}
    </li>
  );
}

/** What a search came to, in a sentence. */
function outcome(search: ISearch, trans: TranslationBundle): string {
  const { found, isBusy } = search;
  if (isBusy || !found) {
    return search.error ? '' : trans.__('Asking the channels…');
  }
  const { packages, total } = found;
  if (total === 0) {
    return trans.__('No package has that in its name.');
  }
  return total > packages.length
    ? trans.__('%1 packages, the first %2 are shown.', total, packages.length)
    : trans._n('%1 package.', '%1 packages.', total);
}

function optionId(index: number): string {
  return `${FIELD}-option-${index}`;
}

/** Where a key leads to in a list of so many; -1 is the field itself. */
function movedIn(
  count: number,
  active: number,
  key: string
): number | undefined {
  switch (key) {
    case 'ArrowDown':
      return active + 1 < count ? active + 1 : -1;
    case 'ArrowUp':
      return active === -1 ? count - 1 : active - 1;
    default:
      return undefined;
  }
}
