import { CommandIDs } from '../ids';
import { Notices } from '../notices';
import type { IViewProps } from '../parts';
import { ActionButton } from '../parts';
import { Removed } from '../removed';
import type { IEnvlinkModel } from '../tokens';
import { EnvironmentGrid } from './environment-grid';
import { Filter } from './filter';
import { gridItems, HIDDEN, useFiltered } from './grid-items';
import { ListError } from './list-error';
import type { PanelState } from './panel-state';
import { SCROLLER } from './row-window';

import { VDomRenderer } from '@jupyterlab/ui-components';

import * as React from 'react';

export interface IEnvironmentsProps extends IViewProps {
  state: PanelState;
}

/** The list of environments, with a filter above it. */
export class EnvironmentsView extends VDomRenderer<IEnvlinkModel> {
  constructor(private _props: IEnvironmentsProps) {
    super(_props.model);
    this.addClass('jp-Envlink-environments');
  }

  /** Put the focus into the list, or, where there is none, on whatever else can be done here. */
  focus(): void {
    const first = ['[role="row"][tabindex="0"]', 'input', 'button']
      .map(each => this.node.querySelector<HTMLElement>(each))
      .find(Boolean);
    first?.focus();
  }

  focusFilter(): void {
    this.node.querySelector<HTMLElement>('input')?.focus();
  }

  protected render(): JSX.Element {
    return <Environments {...this._props} />;
  }
}

/** See `EnvironmentsView`. */
export function Environments(props: IEnvironmentsProps): JSX.Element {
  const { model, state, trans } = props;
  const { open, query } = React.useSyncExternalStore(
    state.subscribe,
    () => state.value
  );
  const filter = React.useRef<HTMLInputElement>(null);
  const body = React.useRef<HTMLDivElement>(null);
  const shown = useFiltered(model.environments, query, trans);
  const showsHidden = open.includes(HIDDEN) || query !== '';
  const items = React.useMemo(
    () => gridItems(shown, showsHidden),
    [shown, showsHidden]
  );
  const ambiguous = React.useMemo(
    () => repeated(model.environments.map(each => each.name)),
    [model.environments]
  );
  return (
    <>
      {model.environments.length > 0 && (
        <Filter
          {...props}
          ref={filter}
          query={query}
          shown={shown.length}
          toList={() => toRow(body.current)}
        />
      )}
      <div
        ref={body}
        className="jp-Envlink-section"
        {...{ [SCROLLER]: 'environments' }}
      >
        <Notices {...props} />
        <ListError {...props} />
        {items.length > 0 && (
          <EnvironmentGrid
            {...props}
            items={items}
            open={showsHidden ? [...open, HIDDEN] : open}
            ambiguous={ambiguous}
            toFilter={() => filter.current?.select()}
          />
        )}
        {items.length === 0 && !model.error && query === '' && (
          <Nothing {...props} />
        )}
        <Removed {...props} />
      </div>
    </>
  );
}

/** Put the focus into the row that has it when one comes by Tab. */
function toRow(node: HTMLElement | null): void {
  node?.querySelector<HTMLElement>('[role="row"][tabindex="0"]')?.focus();
}

/** Those that occur more than once. */
function repeated(names: readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>();
  return new Set(names.filter(each => seen.has(each) || !seen.add(each)));
}

function Nothing(props: IViewProps): JSX.Element {
  const { commands, model, trans } = props;
  if (model.isLoading) {
    return (
      <p className="jp-Envlink-empty" role="status">
        {trans.__('Looking for environments…')}
      </p>
    );
  }
  return (
    <div className="jp-Envlink-empty">
      <p>{trans.__('No environment was found on this machine.')}</p>
      <p>
        {trans.__(
          'Right-click an environment.yml in the file browser and choose "Create environment…", or choose a file here.'
        )}
      </p>
      <ActionButton
        tone="main"
        label={trans.__('Create an environment from a file')}
        onClick={() =>
          void commands.execute(CommandIDs.createEnvironment, { choose: true })
        }
      >
        {trans.__('Create environment…')}
      </ActionButton>
    </div>
  );
}
