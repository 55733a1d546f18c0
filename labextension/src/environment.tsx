import { abridged } from './abridged';
import { MoreButtons, RowButtons } from './actions';
import { CommandIDs } from './ids';
import { ActionButton, ErrorBox, Labels, Problem, Sign } from './parts';
import type { Envlink, IEnvlinkModel } from './tokens';
import { environmentLabels, environmentSign, languageWord } from './words';

import type { TranslationBundle } from '@jupyterlab/translation';

import type { CommandRegistry } from '@lumino/commands';

import * as React from 'react';

/** What a row and its buttons are given. */
export interface IRowProps {
  busy: boolean;
  commands: CommandRegistry;
  environment: Envlink.IEnvironment;
  error: ReturnType<IEnvlinkModel['actionError']>;
  model: IEnvlinkModel;
  readOnly: boolean;
  /** Whether why it is not registered is told above the list already. */
  isRegistrationTold: boolean;
  trans: TranslationBundle;
}

/** One environment. Drawn again only when something of it has changed. */
export const EnvironmentRow = React.memo((props: IRowProps): JSX.Element => {
  const { busy, environment, trans } = props;
  const { name, prefix, problem, running, state } = environment;
  const [open, setOpen] = React.useState(false);
  return (
    <li
      className="jp-Envlink-row"
      data-environment={name}
      data-environment-id={environment.id}
      data-state={state}
      aria-busy={busy}
    >
      <div className="jp-Envlink-title">
        <span className="jp-Envlink-name" title={prefix}>
          {name}
        </span>
        <span className="jp-Envlink-language">{languageWord(environment)}</span>
      </div>
      <div className="jp-Envlink-detail">
        <Sign sign={environmentSign(environment, trans)} />
        <Labels labels={environmentLabels(environment, trans)} />
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
      {problem && <Problem problem={abridged(problem, environment)} />}
      {environment.registration_problem && !props.isRegistrationTold && (
        <Problem
          problem={abridged(environment.registration_problem, environment)}
        />
      )}
      <ActionError {...props} />
      {state !== 'building' && (
        <RowButtons {...props} open={open} onMore={() => setOpen(!open)} />
      )}
      {state !== 'building' && open && <More {...props} />}
    </li>
  );
});
EnvironmentRow.displayName = 'EnvironmentRow';

/** Why the last thing that was tried with it failed. */
function ActionError(props: IRowProps): JSX.Element | null {
  const { commands, environment, error, trans } = props;
  const { id } = environment;
  return error ? (
    <ErrorBox error={error}>
      <ActionButton
        label={trans.__('Dismiss this message')}
        onClick={() => void commands.execute(CommandIDs.dismissError, { id })}
      >
        {trans.__('Dismiss')}
      </ActionButton>
    </ErrorBox>
  ) : null;
}

/** What is seldom wanted: the names of its kernels, and what changes it. */
function More(props: IRowProps): JSX.Element {
  const { environment, trans } = props;
  const variables = Object.keys(environment.variables);
  return (
    <div className="jp-Envlink-more">
      <dl className="jp-Envlink-facts">
        {environment.kernels.map(kernel => (
          <React.Fragment key={kernel.name}>
            <dt>{trans.__('Kernel')}</dt>
            <dd>
              <code>{kernel.name}</code> {kernel.display_name}
            </dd>
          </React.Fragment>
        ))}
        {variables.length > 0 && (
          <>
            <dt>{trans.__('Variables')}</dt>
            <dd>
              <code>{variables.join(', ')}</code>
            </dd>
          </>
        )}
      </dl>
      <MoreButtons {...props} />
    </div>
  );
}
