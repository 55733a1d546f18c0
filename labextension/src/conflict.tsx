import { causesOf, placeOf } from './causes';
import { Changed } from './changed';
import type { IPlace } from './lines';
import { marked } from './lines';
import { ActionButton, ErrorBox } from './parts';
import type { Envlink } from './tokens';

import type { TranslationBundle } from '@jupyterlab/translation';

import * as React from 'react';

/** More lines than so many are shown once somebody asks for them. */
const FEW = 4;

/** What is done with a remedy, and with a line. */
export interface IMending {
  onUse: (text: string) => void;
  /** Show a place of the file; left out where its lines are not those that are shown. */
  onShow?: (place: IPlace) => void;
}

interface IConflictProps extends IMending {
  error: Envlink.IErrorBody;
  /** The text that cannot be solved. */
  text: string;
  trans: TranslationBundle;
}

/** Why a file cannot be solved, line by line, and what can be done about it. */
export function Conflict(props: IConflictProps): JSX.Element {
  const { error, trans } = props;
  const causes = causesOf(error);
  if (!causes.length) {
    return <ErrorBox error={error} />;
  }
  const message =
    causes.length > 1 && error.code === 'conflict'
      ? trans.__('These packages do not go together.')
      : error.message;
  const lines = <Causes {...props} causes={causes} />;
  return (
    <section
      className="jp-Envlink-conflict"
      aria-label={trans.__('Why it cannot be made')}
    >
      <ErrorBox error={{ message, remedy: '' }} />
      {causes.length <= FEW ? (
        lines
      ) : (
        <details>
          <summary>
            {trans.__('The lines that are to blame (%1)', causes.length)}
          </summary>
          {lines}
        </details>
      )}
      <Remedies {...props} remedies={error.details.remedies ?? []} />
      <Reasons text={error.details.reasons} trans={trans} />
    </section>
  );
}

function Causes(
  props: IConflictProps & { causes: Envlink.ICause[] }
): JSX.Element {
  const { causes, trans } = props;
  return (
    <ul
      className="jp-Envlink-causes"
      aria-label={trans.__('The lines that are to blame')}
    >
      {causes.map((cause, index) => (
        <li key={index}>
          <Line {...props} place={placeOf(cause)} />
          <p className="jp-Envlink-message">{cause.message}</p>
        </li>
      ))}
    </ul>
  );
}

/** The line of a cause, its number a link where the file can be shown. */
function Line(
  props: IConflictProps & { place: IPlace | null }
): JSX.Element | null {
  const { onShow, place, text, trans } = props;
  if (place === null) {
    return null;
  }
  const [before, itself, after] = marked(text, place);
  const word = trans.__('line %1', place.line);
  return (
    <div className="jp-Envlink-line">
      {onShow ? (
        <button
          type="button"
          className="jp-Envlink-link"
          title={trans.__('Show line %1 in the editor', place.line)}
          onClick={() => onShow(place)}
        >
          {word}
        </button>
      ) : (
        <span>{word}</span>
      )}
      <code>
        {before.trimStart()}
        <mark>{itself}</mark>
        {after}
      </code>
    </div>
  );
}

/** A button for each remedy, which uses it; what it changes is unfolded beside it. */
function Remedies(
  props: IConflictProps & { remedies: Envlink.IRemedy[] }
): JSX.Element | null {
  const { remedies, trans } = props;
  return remedies.length > 0 ? (
    <div className="jp-Envlink-remedies">
      <h4>{trans.__('What can be done')}</h4>
      <ul>
        {remedies.map((each, index) => (
          <Remedy
            key={each.code}
            {...props}
            isMain={index === 0 && each.solves === true}
            remedy={each}
          />
        ))}
      </ul>
    </div>
  ) : null;
}

function Remedy(
  props: IConflictProps & { isMain: boolean; remedy: Envlink.IRemedy }
): JSX.Element {
  const { isMain, onUse, remedy, text, trans } = props;
  const title = `${remedy.title}${solvesWords(remedy, trans)}`;
  return (
    <li>
      <ActionButton
        tone={isMain ? 'main' : undefined}
        label={title}
        onClick={() => onUse(remedy.text)}
      >
        {title}
      </ActionButton>
      <p className="jp-Envlink-message">{remedy.explanation}</p>
      <details>
        <summary aria-label={trans.__('What it changes: %1', remedy.title)}>
          {trans.__('What it changes')}
        </summary>
        <Changed before={text} after={remedy.text} trans={trans} />
      </details>
    </li>
  );
}

/** What is to be known of a remedy that is not sure to help. */
function solvesWords(
  remedy: Envlink.IRemedy,
  trans: TranslationBundle
): string {
  if (remedy.solves) {
    return '';
  }
  return remedy.solves === null
    ? ` (${trans.__('not tried')})`
    : ` (${trans.__('not enough by itself')})`;
}

/** What the solver has said, for whoever wants it whole. */
function Reasons(props: {
  text: string | undefined;
  trans: TranslationBundle;
}): JSX.Element | null {
  return props.text ? (
    <details>
      <summary>{props.trans.__('What the solver says')}</summary>
      <pre className="jp-Envlink-reasons" tabIndex={0}>
        {props.text}
      </pre>
    </details>
  ) : null;
}
