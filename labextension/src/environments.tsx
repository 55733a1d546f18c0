import { EnvironmentRow } from './environment';
import { CommandIDs } from './ids';
import type { IViewProps } from './parts';
import { ActionButton, ErrorBox } from './parts';
import type { Envlink, IEnvlinkModel } from './tokens';
import { languageWord } from './words';

import { VDomRenderer } from '@jupyterlab/ui-components';

import * as React from 'react';

/** The list of environments, with a filter above it. */
export class EnvironmentsView extends VDomRenderer<IEnvlinkModel> {
  constructor(private _props: IViewProps) {
    super(_props.model);
    this.addClass('jp-Envlink-section');
  }

  protected render(): JSX.Element {
    return <Environments {...this._props} />;
  }
}

/** See `EnvironmentsView`. */
export function Environments(props: IViewProps): JSX.Element {
  const { commands, model, trans } = props;
  const [query, setQuery] = React.useState('');
  const shown = model.environments.filter(each => matches(each, query));
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
        <input
          type="search"
          className="jp-Envlink-filter jp-mod-styled"
          placeholder={trans.__('Filter environments')}
          aria-label={trans.__('Filter by name, path, language or state')}
          value={query}
          onChange={event => setQuery(event.target.value)}
        />
      )}
      {shown.length > 0 ? (
        <ul
          className="jp-Envlink-list"
          aria-label={trans.__('Environments of this machine')}
        >
          {shown.map(environment => (
            <EnvironmentRow
              key={environment.id}
              commands={commands}
              environment={environment}
              busy={model.isBusy(environment.id)}
              error={model.actionError(environment.id)}
              readOnly={model.info?.read_only ?? false}
              trans={trans}
            />
          ))}
        </ul>
      ) : (
        !model.error && <Nothing {...props} query={query} />
      )}
    </>
  );
}

/** What a person should know before they wonder. */
function Notices(props: IViewProps): JSX.Element | null {
  const { model, trans } = props;
  const { info } = model;
  const notices: string[] = [];
  if (info?.kernel_spec_manager === false) {
    notices.push(
      trans.__(
        'This server lists kernels through a manager of its own configuration: environments appear in the menu once they are registered on the disk.'
      )
    );
  }
  if (info?.read_only) {
    notices.push(
      trans.__('Whoever runs this server allows no changes to environments.')
    );
  }
  return notices.length ? (
    <>
      {notices.map(notice => (
        <p key={notice} className="jp-Envlink-notice">
          {notice}
        </p>
      ))}
    </>
  ) : null;
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

function matches(environment: Envlink.IEnvironment, query: string): boolean {
  const text = [
    environment.name,
    environment.prefix,
    languageWord(environment),
    environment.state
  ].join('\n');
  return text.toLocaleLowerCase().includes(query.trim().toLocaleLowerCase());
}
