import { abridged } from '../abridged';
import { NextButtons } from '../actions';
import { CommandIDs } from '../ids';
import { ActionButton, ErrorBox, Labels, Problem, Sign } from '../parts';
import type { Envlink, IEnvlinkModel } from '../tokens';
import { environmentLabels, environmentSign, languageWord } from '../words';
import { EnvironmentDetails } from './environment-details';
import { RowTools } from './row-tools';
import { attachedWord, diskWord, lastUsedWord, runningWord } from './row-words';

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
  trans: TranslationBundle;
}

interface ICellProps extends IRowProps {
  /** Whether another environment has its name. */
  isAmbiguous: boolean;
  isOpen: boolean;
  /** Whether why it is not registered is told above the list already. */
  isRegistrationTold: boolean;
}

/** One environment. Drawn again only when something of it has changed. */
export const EnvironmentCell = React.memo((props: ICellProps): JSX.Element => {
  const { environment, isAmbiguous, isOpen, trans } = props;
  const { name, prefix, problem, state } = environment;
  const isHelped =
    state !== 'building' && (state !== 'ready' || isUnused(props));
  return (
    <>
      <div className="jp-Envlink-title">
        <span className="jp-Envlink-name" title={prefix}>
          {name}
        </span>
        <span className="jp-Envlink-language">{languageWord(environment)}</span>
        {state !== 'building' && <RowTools {...props} />}
      </div>
      <div className="jp-Envlink-detail">
        <Sign sign={environmentSign(environment, trans)} />
        <Labels labels={environmentLabels(environment, trans)} />
        <Word text={attachedWord(environment, trans)} />
        <Word text={runningWord(environment, trans)} />
        <Word text={diskWord(environment)} />
        <Word text={lastUsedWord(environment, trans)} />
      </div>
      {isAmbiguous && !isOpen && <Path path={prefix} />}
      {problem && <Problem problem={abridged(problem, environment)} />}
      {environment.registration_problem && !props.isRegistrationTold && (
        <Problem
          problem={abridged(environment.registration_problem, environment)}
        />
      )}
      <ActionError {...props} />
      {isHelped && <NextButtons {...props} />}
      {isOpen && <EnvironmentDetails {...props} />}
    </>
  );
});
EnvironmentCell.displayName = 'EnvironmentCell';

/** Whether it is ready, and still not in the kernel menu. */
function isUnused({ environment }: ICellProps): boolean {
  return environment.hidden || !environment.attached;
}

function Word(props: { text: string }): JSX.Element | null {
  return props.text ? <span>{props.text}</span> : null;
}

/** A path, whose end says more than its beginning. */
export function Path(props: { path: string }): JSX.Element {
  return (
    <div className="jp-Envlink-path" title={props.path}>
      <bdi>{props.path}</bdi>
    </div>
  );
}

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
