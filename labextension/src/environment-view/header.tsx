import { abridged } from '../abridged';
import { CommandIDs } from '../ids';
import { timeWord } from '../moments';
import type { IOffer } from '../offer';
import { offer } from '../offer';
import { moreOffers, nextOffers } from '../offers';
import { ActionButton, ErrorBox, Labels, Problem, Sign } from '../parts';
import type { Envlink } from '../tokens';
import {
  environmentLabels,
  environmentSign,
  languageWord,
  sizeWord
} from '../words';
import type { IPartProps } from './parts';

import * as React from 'react';

/** What it is, where it lies, how it is, and what can be done with it. */
export function Header(
  props: IPartProps & { terminalObstacle: () => string | null }
): JSX.Element {
  const { commands, environment, model, trans } = props;
  const { id, name, prefix, problem, registration_problem } = environment;
  const error = model.actionError(id);
  return (
    <header className="jp-EnvlinkView-header">
      <h2>
        <bdi>{name}</bdi>
      </h2>
      <div className="jp-Envlink-detail">
        <Sign sign={environmentSign(environment, trans)} />
        <span>{languageWord(environment)}</span>
        <Labels labels={environmentLabels(environment, trans)} />
        <Size {...props} />
        <LastUsed {...props} />
      </div>
      <div className="jp-EnvlinkView-row">
        <bdi className="jp-EnvlinkView-prefix">{prefix}</bdi>
        <ActionButton
          label={trans.__('Copy the path of %1', name)}
          onClick={() => void commands.execute(CommandIDs.copyPath, { id })}
        >
          {trans.__('Copy path')}
        </ActionButton>
      </div>
      {problem && <Problem problem={abridged(problem, environment)} />}
      {registration_problem && (
        <Problem problem={abridged(registration_problem, environment)} />
      )}
      {error && (
        <ErrorBox error={error}>
          <ActionButton
            label={trans.__('Dismiss this message')}
            onClick={() =>
              void commands.execute(CommandIDs.dismissError, { id })
            }
          >
            {trans.__('Dismiss')}
          </ActionButton>
        </ErrorBox>
      )}
      <div
        className="jp-Envlink-buttons"
        role="group"
        aria-label={trans.__('What can be done with %1', name)}
      >
        {offers(props).map(({ args, command, label, reason, text, tone }) => (
          <ActionButton
            key={command}
            label={label}
            tone={tone}
            reason={reason}
            onClick={() => void commands.execute(command, { id, ...args })}
          >
            {text}
          </ActionButton>
        ))}
      </div>
    </header>
  );
}

function Size(props: IPartProps): JSX.Element | null {
  const { environment, trans } = props;
  const { size } = environment;
  return size ? (
    <span>
      {trans.__(
        '%1 on the disk, %2 only here',
        sizeWord(size.total),
        sizeWord(size.unique)
      )}
    </span>
  ) : null;
}

/** Where a kernel runs in it now, that is said in its place. */
function LastUsed(props: IPartProps): JSX.Element | null {
  const { last_used: moment, running } = props.environment;
  const { trans } = props;
  if (running.length > 0) {
    return (
      <span>
        {trans._n('%1 kernel running', '%1 kernels running', running.length)}
      </span>
    );
  }
  return moment ? (
    <span>
      {trans.__('Last used:')} <time dateTime={moment}>{timeWord(moment)}</time>
    </span>
  ) : null;
}

/** Nothing can be done with what is being made, but to wait for it. */
function offers(
  props: IPartProps & { terminalObstacle: () => string | null }
): IOffer[] {
  const { environment, model, terminalObstacle, trans } = props;
  if (environment.state === 'building') {
    return [];
  }
  const situation = {
    busy: model.isBusy(environment.id),
    environment,
    readOnly: model.info?.read_only ?? false,
    trans
  };
  const terminal = offer(situation, CommandIDs.openTerminal, {
    text: trans.__('Open terminal'),
    label: trans.__(
      'Open a terminal in which %1 is activated',
      environment.name
    ),
    reason: terminalObstacle() ?? activationObstacle(environment.state, props)
  });
  return distinct([
    ...nextOffers(situation),
    terminal,
    ...moreOffers(situation)
  ]);
}

function activationObstacle(
  state: Envlink.State,
  { trans }: IPartProps
): string | null {
  return state === 'incomplete'
    ? trans.__('It is incomplete: there is nothing to activate.')
    : null;
}

/** What explains it is offered in one place. */
function distinct(offers: IOffer[]): IOffer[] {
  return offers.filter(
    (each, index) =>
      offers.findIndex(other => other.command === each.command) === index
  );
}
