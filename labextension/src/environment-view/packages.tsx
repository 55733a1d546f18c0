import type { Envlink } from '../tokens';
import { sizeWord } from '../words';
import { ColumnHead } from './column-head';
import type { IOrder } from './package-rows';
import { matching, sorted, sourceWord } from './package-rows';
import type { IDetailProps, IPartProps } from './parts';
import { Unreadable } from './parts';
import { keyOf } from './shares';
import { Why } from './why';

import type { TranslationBundle } from '@jupyterlab/translation';

import * as React from 'react';

interface IPackagesProps extends IDetailProps {
  /** The package to begin with, by its key; empty for none. */
  asked: string;
  /** It is shown. */
  onAnswered: () => void;
}

/** Every package: those that somebody has asked for first, each with why it is there. */
export function Packages(props: IPackagesProps): JSX.Element {
  const { detail, trans } = props;
  const [query, setQuery] = React.useState('');
  const wanted = React.useDeferredValue(query);
  const [order, setOrder] = React.useState<IOrder | null>(null);
  const shown = React.useMemo(
    () => sorted(matching(detail.packages, wanted), order),
    [detail, wanted, order]
  );
  return (
    <>
      <Unreadable
        paths={detail.unreadable}
        said={trans.__(
          'These files could not be read, so what they say is missing here:'
        )}
      />
      <div className="jp-EnvlinkView-bar">
        <input
          type="search"
          className="jp-mod-styled"
          placeholder={trans.__('Filter packages')}
          aria-label={trans.__('Filter by name, version or channel')}
          value={query}
          onChange={event => setQuery(event.target.value)}
        />
        <span role="status">{countWord(detail.packages, shown, trans)}</span>
      </div>
      {shown.length > 0 && (
        <Table {...props} packages={shown} order={order} onOrder={setOrder} />
      )}
    </>
  );
}

function countWord(
  all: readonly Envlink.IInstalledPackage[],
  shown: readonly Envlink.IInstalledPackage[],
  trans: TranslationBundle
): string {
  if (all.length === 0) {
    return trans.__('No package is in it.');
  }
  return shown.length === all.length
    ? trans._n('%1 package', '%1 packages', all.length)
    : trans.__('%1 of %2', shown.length, all.length);
}

function Table(
  props: IPackagesProps & {
    packages: Envlink.IInstalledPackage[];
    order: IOrder | null;
    onOrder: (order: IOrder | null) => void;
  }
): JSX.Element {
  const { asked, environment, onAnswered, packages, trans } = props;
  const [open, setOpen] = React.useState(asked);
  const [active, setActive] = React.useState(asked);
  const body = React.useRef<HTMLTableSectionElement>(null);
  const reachable = packages.some(each => keyOf(each) === active)
    ? active
    : keyOf(packages[0]);
  React.useEffect(() => {
    if (asked) {
      body.current
        ?.querySelector<HTMLElement>(`[data-package="${CSS.escape(asked)}"]`)
        ?.focus();
      onAnswered();
    }
  }, []);
  const onToggle = React.useCallback((key: string) => {
    setActive(key);
    setOpen(before => (before === key ? '' : key));
  }, []);
  return (
    <table className="jp-EnvlinkView-table">
      <caption>
        {trans.__(
          'Packages of %1: press one to see why it is there',
          environment.name
        )}
      </caption>
      <thead>
        <tr>
          <ColumnHead {...props} column="name">
            {trans.__('Name')}
          </ColumnHead>
          <ColumnHead {...props} column="version">
            {trans.__('Version')}
          </ColumnHead>
          <ColumnHead {...props} column="build">
            {trans.__('Build')}
          </ColumnHead>
          <ColumnHead {...props} column="channel">
            {trans.__('From')}
          </ColumnHead>
          <ColumnHead {...props} column="disk">
            {trans.__('Size')}
          </ColumnHead>
        </tr>
      </thead>
      <tbody
        ref={body}
        onKeyDown={event => moveAmong(event, body.current)}
        onFocus={event => setActive(event.target.dataset.package ?? active)}
      >
        {packages.map(each => {
          const key = keyOf(each);
          return (
            <Row
              key={key}
              environment={environment}
              commands={props.commands}
              model={props.model}
              trans={trans}
              held={each}
              isOpen={open === key}
              isReachable={reachable === key}
              onToggle={onToggle}
            />
          );
        })}
      </tbody>
    </table>
  );
}

interface IRowProps extends IPartProps {
  held: Envlink.IInstalledPackage;
  isOpen: boolean;
  /** Whether Tab leads to it; the arrow keys lead to the others. */
  isReachable: boolean;
  onToggle: (key: string) => void;
}

/** Drawn again only when something of it has changed: there may be a thousand. */
const Row = React.memo((props: IRowProps): JSX.Element => {
  const { held, isOpen, isReachable, onToggle, trans } = props;
  const { build, disk, name, requested, version } = held;
  return (
    <>
      <tr data-requested={requested !== null}>
        <th scope="row">
          <button
            type="button"
            data-package={keyOf(held)}
            aria-expanded={isOpen}
            tabIndex={isReachable ? 0 : -1}
            title={trans.__('Why is %1 here?', name)}
            onClick={() => onToggle(keyOf(held))}
          >
            {name}
          </button>
          {requested !== null && (
            <span className="jp-Envlink-label" title={requested}>
              {trans.__('asked for')}
            </span>
          )}
        </th>
        <td title={build}>{version}</td>
        <td className="jp-EnvlinkView-build">{build}</td>
        <td title={held.channel ?? ''}>{sourceWord(held)}</td>
        <td className="jp-EnvlinkView-number">
          {disk === null ? '' : sizeWord(disk)}
        </td>
      </tr>
      {isOpen && (
        <tr className="jp-EnvlinkView-reason">
          <td colSpan={5}>
            <Why {...props} name={name} />
          </td>
        </tr>
      )}
    </>
  );
});
Row.displayName = 'Row';

/** Up, Down, Home and End lead from package to package. */
function moveAmong(event: React.KeyboardEvent, body: HTMLElement | null): void {
  const all = [
    ...(body?.querySelectorAll<HTMLElement>('button[data-package]') ?? [])
  ];
  const at = all.indexOf(event.target as HTMLElement);
  const next = at < 0 ? undefined : all[place(event.key, at, all.length)];
  if (next) {
    event.preventDefault();
    next.focus();
  }
}

function place(key: string, at: number, count: number): number {
  switch (key) {
    case 'ArrowDown':
      return at + 1;
    case 'ArrowUp':
      return at - 1;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return -1;
  }
}
