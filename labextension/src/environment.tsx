import { CommandIDs } from './ids';
import { ActionButton, ErrorBox, Sign } from './parts';
import type { Envlink, IEnvlinkModel } from './tokens';
import { environmentSign, languageWord } from './words';

import type { TranslationBundle } from '@jupyterlab/translation';

import type { CommandRegistry } from '@lumino/commands';

import * as React from 'react';

interface IRowProps {
  busy: boolean;
  commands: CommandRegistry;
  environment: Envlink.IEnvironment;
  error: ReturnType<IEnvlinkModel['actionError']>;
  readOnly: boolean;
  trans: TranslationBundle;
}

/** One environment. Drawn again only when something of it has changed. */
export const EnvironmentRow = React.memo((props: IRowProps): JSX.Element => {
  const { busy, environment, error, trans } = props;
  const { name, prefix, problem, running } = environment;
  return (
    <li className="jp-Envlink-row" data-environment={name} aria-busy={busy}>
      <div className="jp-Envlink-title">
        <span className="jp-Envlink-name" title={prefix}>
          {name}
        </span>
        <span className="jp-Envlink-language">{languageWord(environment)}</span>
      </div>
      <div className="jp-Envlink-detail">
        <Sign sign={environmentSign(environment, trans)} />
        {environment.is_server && <span>{trans.__('runs this server')}</span>}
        {running.length > 0 && (
          <span>
            {trans._n(
              '%1 kernel running',
              '%1 kernels running',
              running.length
            )}
          </span>
        )}
      </div>
      <div className="jp-Envlink-path" title={prefix}>
        <bdi>{prefix}</bdi>
      </div>
      {problem && <Problem problem={problem} />}
      {environment.registration_problem && (
        <Problem problem={environment.registration_problem} />
      )}
      {error && (
        <ErrorBox error={error}>
          <ActionButton
            label={trans.__('Dismiss this message')}
            onClick={() =>
              void props.commands.execute(CommandIDs.dismissError, {
                id: environment.id
              })
            }
          >
            {trans.__('Dismiss')}
          </ActionButton>
        </ErrorBox>
      )}
      {environment.state !== 'building' && <RowButtons {...props} />}
    </li>
  );
});
EnvironmentRow.displayName = 'EnvironmentRow';

/** Why it is not all it could be, and what to do about it. */
function Problem({ problem }: { problem: Envlink.IProblem }): JSX.Element {
  return (
    <div className="jp-Envlink-problem">
      <p className="jp-Envlink-message">{problem.message}</p>
      {problem.remedy && <p className="jp-Envlink-remedy">{problem.remedy}</p>}
    </div>
  );
}

function RowButtons(props: IRowProps): JSX.Element {
  const { busy, commands, environment, readOnly, trans } = props;
  const { attached, id, name, state } = environment;
  const run = (command: string) => () => void commands.execute(command, { id });
  const wait = busy ? trans.__('Something is being done with it.') : null;
  const closed = readOnly
    ? trans.__('Whoever runs this server allows no changes to environments.')
    : null;
  return (
    <div className="jp-Envlink-buttons">
      {state === 'ready' && attached && (
        <ActionButton
          tone="main"
          label={trans.__('Open a notebook in %1', name)}
          onClick={run(CommandIDs.openNotebook)}
          reason={wait}
        >
          {trans.__('Open notebook')}
        </ActionButton>
      )}
      {state === 'ready' && !attached && (
        <ActionButton
          tone="main"
          label={trans.__('Attach %1: offer it as a kernel', name)}
          onClick={run(CommandIDs.attach)}
          reason={wait}
        >
          {trans.__('Attach')}
        </ActionButton>
      )}
      {state === 'no-kernel' && (
        <ActionButton
          tone="main"
          label={trans.__('Install a kernel in %1', name)}
          onClick={run(CommandIDs.attach)}
          reason={wait ?? closed}
        >
          {trans.__('Install a kernel')}
        </ActionButton>
      )}
      {state === 'ready' && attached && (
        <ActionButton
          label={trans.__('Detach %1: it stays, but is no kernel', name)}
          onClick={run(CommandIDs.detach)}
          reason={wait}
        >
          {trans.__('Detach')}
        </ActionButton>
      )}
      <ActionButton
        tone="warn"
        label={trans.__('Remove %1 from the disk', name)}
        onClick={run(CommandIDs.remove)}
        reason={wait ?? environment.not_removable ?? closed}
      >
        {trans.__('Remove…')}
      </ActionButton>
    </div>
  );
}
