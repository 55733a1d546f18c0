import { Generations } from '../generations';
import { timeWord } from '../moments';
import type { IRowProps } from '../side-panel/environment-cell';
import type { Envlink } from '../tokens';
import type { IDetailProps } from './parts';

import type { TranslationBundle } from '@jupyterlab/translation';

import * as React from 'react';

/** Revisions shown before somebody asks for the others. */
const SHORT = 20;

/** Earlier states that it can be rolled back to, and what conda's history has kept. */
export function History(props: IDetailProps): JSX.Element {
  const { detail, model, trans } = props;
  return (
    <>
      <Generations {...rowProps(props)} />
      {model.info?.keep_generations === 0 && (
        <p className="jp-Envlink-hint">
          {trans.__('This server keeps no earlier states of environments.')}
        </p>
      )}
      <Revisions revisions={detail.revisions} trans={trans} />
    </>
  );
}

/** What the rows of the side panel are given, for what is shown here as there. */
export function rowProps({
  commands,
  environment,
  model,
  trans
}: Omit<IDetailProps, 'detail'>): IRowProps {
  return {
    busy: model.isBusy(environment.id),
    commands,
    environment,
    error: model.actionError(environment.id),
    model,
    readOnly: model.info?.read_only ?? false,
    trans
  };
}

function Revisions(props: {
  revisions: Envlink.IRevision[];
  trans: TranslationBundle;
}): JSX.Element {
  const { revisions, trans } = props;
  return (
    <section>
      <h3>{trans.__('Revisions in the history of conda')}</h3>
      {revisions.length === 0 ? (
        <p className="jp-EnvlinkView-quiet">
          {trans.__('It has no history of conda.')}
        </p>
      ) : (
        <ol className="jp-EnvlinkView-list">
          {revisions.slice(0, SHORT).map(each => (
            <Revision key={each.number} revision={each} trans={trans} />
          ))}
        </ol>
      )}
      {revisions.length > SHORT && (
        <p>
          {trans.__('%1 older ones are not shown.', revisions.length - SHORT)}
        </p>
      )}
    </section>
  );
}

function Revision(props: {
  revision: Envlink.IRevision;
  trans: TranslationBundle;
}): JSX.Element {
  const { revision, trans } = props;
  const { added, command, date, number, removed } = revision;
  return (
    <li>
      <details>
        <summary>
          {trans.__('Revision %1', number)}
          {date && (
            <>
              {', '}
              <time dateTime={date}>{timeWord(date)}</time>
            </>
          )}
          {': '}
          {trans.__('%1 in, %2 out', added.length, removed.length)}
        </summary>
        {command && <code className="jp-EnvlinkView-command">{command}</code>}
        <ul>
          {removed.map(each => (
            <li key={`- ${each}`}>{`− ${each}`}</li>
          ))}
          {added.map(each => (
            <li key={`+ ${each}`}>{`+ ${each}`}</li>
          ))}
        </ul>
      </details>
    </li>
  );
}
