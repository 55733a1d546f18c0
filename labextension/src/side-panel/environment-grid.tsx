import { CommandIDs } from '../ids';
import type { IViewProps } from '../parts';
import { Tabbing } from '../parts';
import { EnvironmentCell } from './environment-cell';
import type { IGridItem } from './grid-items';
import type { IGridMoves } from './grid-keys';
import { onGridKey } from './grid-keys';
import type { PanelState } from './panel-state';
import { openRowMenu } from './row-menu';
import type { IRowWindow } from './row-window';
import { useRowWindow } from './row-window';
import { rowLabel } from './row-words';
import { TypeAhead } from './type-ahead';
import type { IActiveRow } from './use-active-row';
import { useActiveRow } from './use-active-row';

import type { TranslationBundle } from '@jupyterlab/translation';
import { caretDownIcon, caretRightIcon } from '@jupyterlab/ui-components';

import * as React from 'react';

export interface IGridProps extends IViewProps {
  items: readonly IGridItem[];
  state: PanelState;
  /** The keys of the rows that are unfolded. */
  open: readonly string[];
  /** The names that more than one environment has. */
  ambiguous: ReadonlySet<string>;
  toFilter: () => void;
}

/**
 * The environments as a tree of rows, of which those are drawn that are seen. One of them can be reached by Tab; from it
 * one goes on with the arrows.
 */
export function EnvironmentGrid(props: IGridProps): JSX.Element {
  const { items, trans } = props;
  const grid = React.useRef<HTMLDivElement>(null);
  const active = useActiveRow(grid, items);
  const keys = React.useMemo(() => items.map(each => each.key), [items]);
  const drawn = useRowWindow(grid, keys, active.index);
  const ahead = React.useMemo(() => new TypeAhead(), []);
  active.onMove = index => drawn.reveal(index);
  return (
    <div
      ref={grid}
      role="treegrid"
      className="jp-Envlink-grid"
      aria-label={trans.__('Environments of this machine')}
      aria-rowcount={items.length}
      // In the flow of the page: rows are measured after they have become higher, and what follows the list must not lie
      // upon them meanwhile.
      style={{ minHeight: drawn.height, paddingTop: drawn.offset }}
    >
      <div role="presentation" className="jp-Envlink-window">
        {drawn.rows.map(({ index, key, top }) => (
          <GridRow
            key={key}
            {...props}
            index={index}
            top={top}
            measure={drawn.measure}
            isActive={index === active.index}
            onFocus={() => active.set(index)}
            moves={() => movesFrom(index, props, active, drawn, ahead)}
          />
        ))}
      </div>
    </div>
  );
}

interface IGridRowProps extends IGridProps {
  index: number;
  /** Where it lies, in pixels, where it does not follow the one before. */
  top: number | null;
  measure: IRowWindow['measure'];
  isActive: boolean;
  onFocus: () => void;
  moves: () => IGridMoves;
}

function GridRow(props: IGridRowProps): JSX.Element {
  const { index, isActive, items, measure, moves, onFocus, open, top } = props;
  const item = items[index];
  return (
    <div
      ref={measure}
      role="row"
      className={`jp-Envlink-gridRow${item.environment ? ' jp-Envlink-row' : ''}`}
      style={top === null ? undefined : { position: 'absolute', top }}
      data-index={index}
      data-key={item.key}
      {...about(item, props)}
      aria-level={item.level}
      aria-posinset={item.position}
      aria-setsize={item.size}
      aria-rowindex={index + 1}
      aria-expanded={open.includes(item.key)}
      tabIndex={isActive ? 0 : -1}
      onFocus={onFocus}
      onClick={
        item.environment ? undefined : () => props.state.toggle(item.key)
      }
      onDoubleClick={event => {
        if (!(event.target as Element).closest('button, summary, code, bdi')) {
          moves().activate();
        }
      }}
      onKeyDown={event => onGridKey(event, moves())}
    >
      <Tabbing.Provider value={isActive ? 0 : -1}>
        <Twisty {...props} item={item} />
        <div role="gridcell" className="jp-Envlink-cell">
          <Content {...props} item={item} />
        </div>
      </Tabbing.Provider>
    </div>
  );
}

/** What a row says of itself: for screen readers, menus and tests. */
function about(
  { count, environment }: IGridItem,
  { model, trans }: IGridProps
): React.HTMLAttributes<HTMLElement> {
  return environment
    ? ({
        'aria-label': rowLabel(environment, trans),
        'aria-busy': model.isBusy(environment.id),
        'data-environment': environment.name,
        'data-environment-id': environment.id,
        'data-state': environment.state
      } as React.HTMLAttributes<HTMLElement>)
    : { 'aria-label': folded(count, trans) };
}

/** What a mouse folds a row with; the keyboard has its arrows. */
function Twisty(props: IGridRowProps & { item: IGridItem }): JSX.Element {
  const { item, open, state } = props;
  const Icon = open.includes(item.key) ? caretDownIcon : caretRightIcon;
  return (
    <span
      className="jp-Envlink-twisty"
      aria-hidden="true"
      onClick={event => {
        event.stopPropagation();
        state.toggle(item.key);
      }}
    >
      <Icon.react tag="span" className="jp-Envlink-icon" />
    </span>
  );
}

function Content(props: IGridRowProps & { item: IGridItem }): JSX.Element {
  const { ambiguous, commands, item, model, open, trans } = props;
  const { environment } = item;
  if (!environment) {
    return <span>{folded(item.count, trans)}</span>;
  }
  const told = model.info?.registration_problem?.message;
  return (
    <EnvironmentCell
      commands={commands}
      environment={environment}
      model={model}
      busy={model.isBusy(environment.id)}
      error={model.actionError(environment.id)}
      readOnly={model.info?.read_only ?? false}
      isAmbiguous={ambiguous.has(environment.name)}
      isOpen={open.includes(item.key)}
      isRegistrationTold={environment.registration_problem?.message === told}
      trans={trans}
    />
  );
}

/** What the row says that folds the hidden ones. */
function folded(count: number, trans: TranslationBundle): string {
  return trans._n(
    '%1 is hidden from the kernel menu',
    '%1 are hidden from the kernel menu',
    count
  );
}

/** What can be done from a row. */
function movesFrom(
  index: number,
  props: IGridProps,
  active: IActiveRow,
  drawn: IRowWindow,
  ahead: TypeAhead
): IGridMoves {
  const { commands, items, open, state, toFilter } = props;
  const { environment, key, level } = items[index];
  const isUnfolded = open.includes(key);
  const names = () => items.map(each => each.environment?.name ?? '');
  const canOpen =
    environment && commands.hasCommand(CommandIDs.openEnvironment);
  return {
    page: drawn.page,
    isUnfolded,
    by: rows => active.go(index + rows),
    end: last => active.go(last ? items.length - 1 : 0),
    activate: () => {
      if (canOpen) {
        void commands.execute(CommandIDs.openEnvironment, { id: key });
      } else {
        state.toggle(key);
      }
    },
    unfold: wanted => {
      if (wanted !== isUnfolded) {
        state.toggle(key);
        requestAnimationFrame(() => drawn.reveal(index));
      }
    },
    toParent: () => level === 2 && active.go(items.findIndex(isFold)),
    menu: () => openRowMenu(active.node(index)),
    filter: toFilter,
    type: letter => {
      const found = ahead.find(letter, names(), index);
      if (found >= 0) {
        active.go(found);
      }
    }
  };
}

function isFold({ environment }: IGridItem): boolean {
  return !environment;
}
