import { EnvironmentRow } from './environment';
import { Growing } from './growing';
import { CommandIDs } from './ids';
import { Notices } from './notices';
import { Removed } from './removed';
import type { IViewProps } from './parts';
import { ActionButton, ErrorBox } from './parts';
import type { Envlink, IEnvlinkModel } from './tokens';
import { environmentLabels, environmentSign, languageWord } from './words';

import type { TranslationBundle } from '@jupyterlab/translation';
import { VDomRenderer } from '@jupyterlab/ui-components';

import * as React from 'react';

/** The list of environments, with a filter above it. */
export class EnvironmentsView extends VDomRenderer<IEnvlinkModel> {
  constructor(private _props: IViewProps) {
    super(_props.model);
    this.addClass('jp-Envlink-section');
    this.node.dataset.envlinkScroller = '';
  }

  protected render(): JSX.Element {
    return <Environments {...this._props} />;
  }
}

/** See `EnvironmentsView`. */
export function Environments(props: IViewProps): JSX.Element {
  const { commands, model, trans } = props;
  const [query, setQuery] = React.useState('');
  const shown = useFiltered(model.environments, query, trans);
  const listed = shown.filter(each => !each.hidden);
  const hidden = shown.filter(each => each.hidden);
  return (
    <>
      <Notices {...props} />
      {model.error && (
        <ErrorBox error={model.error}>
          <ActionButton
            label={trans.__('Retry to read the environments')}
            onClick={() => void commands.execute(CommandIDs.refresh)}
          >
            {trans.__('Retry')}
          </ActionButton>
        </ErrorBox>
      )}
      {model.environments.length > 0 && (
        <Filter {...props} query={query} setQuery={setQuery} shown={shown} />
      )}
      {listed.length > 0 && (
        <EnvironmentList
          {...props}
          environments={listed}
          label={trans.__('Environments of this machine')}
        />
      )}
      {hidden.length > 0 && (
        <Hidden {...props} environments={hidden} isOpen={query !== ''} />
      )}
      {shown.length === 0 && !model.error && (
        <Nothing {...props} query={query} />
      )}
      <Removed {...props} />
    </>
  );
}

function Filter(
  props: IViewProps & {
    query: string;
    setQuery: (query: string) => void;
    shown: Envlink.IEnvironment[];
  }
): JSX.Element {
  const { model, query, setQuery, shown, trans } = props;
  return (
    <div className="jp-Envlink-filterBar">
      <input
        type="search"
        className="jp-Envlink-filter jp-mod-styled"
        placeholder={trans.__('Filter environments')}
        aria-label={trans.__('Filter by name, path, kind, language or state')}
        value={query}
        onChange={event => setQuery(event.target.value)}
      />
      {query && shown.length > 0 && (
        <p className="jp-Envlink-count" role="status">
          {trans.__('%1 of %2', shown.length, model.environments.length)}
        </p>
      )}
    </div>
  );
}

function EnvironmentList(
  props: IViewProps & { environments: Envlink.IEnvironment[]; label: string }
): JSX.Element {
  const { commands, environments, label, model, trans } = props;
  const told = model.info?.registration_problem?.message;
  return (
    <Growing
      items={environments}
      label={label}
      trans={trans}
      draw={environment => (
        <EnvironmentRow
          key={environment.id}
          commands={commands}
          environment={environment}
          model={model}
          busy={model.isBusy(environment.id)}
          error={model.actionError(environment.id)}
          readOnly={model.info?.read_only ?? false}
          isRegistrationTold={
            environment.registration_problem?.message === told
          }
          trans={trans}
        />
      )}
    />
  );
}

/** Those that are not in the menu because the person wants it so: at the end, folded up. */
function Hidden(
  props: IViewProps & { environments: Envlink.IEnvironment[]; isOpen: boolean }
): JSX.Element {
  const { environments, isOpen, trans } = props;
  const [open, setOpen] = React.useState(false);
  return (
    <details
      className="jp-Envlink-folded jp-Envlink-hidden"
      open={open || isOpen}
      onToggle={event => {
        const { currentTarget: node } = event;
        if (!isOpen) {
          setOpen(node.open);
        }
        if (node.open && !isOpen) {
          node.querySelector('li')?.scrollIntoView?.({ block: 'nearest' });
        }
      }}
    >
      <summary>
        {trans._n(
          '%1 is hidden from the kernel menu',
          '%1 are hidden from the kernel menu',
          environments.length
        )}
      </summary>
      <EnvironmentList
        {...props}
        label={trans.__('Environments hidden from the kernel menu')}
      />
    </details>
  );
}

function Nothing(props: IViewProps & { query: string }): JSX.Element {
  const { commands, model, query, trans } = props;
  if (model.isLoading) {
    return (
      <p className="jp-Envlink-empty" role="status">
        {trans.__('Looking for environments…')}
      </p>
    );
  }
  if (query) {
    return (
      <p className="jp-Envlink-empty" role="status">
        {trans.__('No environment matches "%1".', query)}
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

/** Those that have `query` in one of their words. */
function useFiltered(
  environments: readonly Envlink.IEnvironment[],
  query: string,
  trans: TranslationBundle
): Envlink.IEnvironment[] {
  const texts = React.useMemo(
    () => environments.map(each => searched(each, trans)),
    [environments, trans]
  );
  const wanted = query.trim().toLocaleLowerCase();
  return environments.filter((_, index) => texts[index].includes(wanted));
}

function searched(
  environment: Envlink.IEnvironment,
  trans: TranslationBundle
): string {
  return [
    environment.name,
    environment.title,
    environment.prefix,
    languageWord(environment),
    environment.state,
    environmentSign(environment, trans).word,
    ...environmentLabels(environment, trans).map(each => each.text)
  ]
    .join('\n')
    .toLocaleLowerCase();
}
