import { Changes, weightWords } from './changes';
import { Conflict } from './conflict';
import { hasErrors } from './diagnostics';
import type { IMending } from './conflict';
import { differenceWords, OtherChanges } from './differences';
import type { Envlink } from './tokens';
import { fileWord } from './words';

import type { TranslationBundle } from '@jupyterlab/translation';

import * as React from 'react';

/** What a file asks for, and what is added to it. */
export function Contents(props: {
  plan: Envlink.IPlan;
  trans: TranslationBundle;
}): JSX.Element {
  const { plan, trans } = props;
  const variables = Object.keys(plan.variables);
  return (
    <dl className="jp-Envlink-contents">
      <dt>{trans.__('File')}</dt>
      <dd className="jp-Envlink-fileKind">{fileWord(plan.format, trans)}</dd>
      <Names term={trans.__('Channels')} values={plan.channels} />
      <Names term={trans.__('Packages')} values={plan.conda} />
      <Names term={trans.__('With pip')} values={plan.pip} />
      <Names term={trans.__('Variables')} values={variables} />
      {plan.added.length > 0 && (
        <>
          <dt>{trans.__('Added')}</dt>
          <dd>
            {plan.added.map(({ spec, reason }) => (
              <p key={spec}>
                <code className="jp-Envlink-added">{spec}</code> {reason}
              </p>
            ))}
          </dd>
        </>
      )}
      {plan.notes.length > 0 && (
        <>
          <dt>{trans.__('Notes')}</dt>
          <dd>
            {plan.notes.map(note => (
              <p key={note}>{note}</p>
            ))}
          </dd>
        </>
      )}
    </dl>
  );
}

function Names(props: { term: string; values: string[] }): JSX.Element | null {
  const { term, values } = props;
  return values.length ? (
    <>
      <dt>{term}</dt>
      <dd className="jp-Envlink-names" tabIndex={0}>
        {values.map((value, index) => (
          <code key={`${value} ${index}`}>{value}</code>
        ))}
      </dd>
    </>
  ) : null;
}

/** Whether a virtual environment is made, which is not solved for beforehand. */
function isForUv(plan: Envlink.IPlan): boolean {
  return (
    ['requirements', 'pylock'].includes(plan.format) ||
    (plan.format === 'pyproject' && plan.channels.length === 0)
  );
}

/** What changes and how much that is, or why there is no such set of packages. */
export function Solution(props: {
  plan: Envlink.IPlan;
  solved: Envlink.IPlan | null;
  /** Nobody waits for the channels any more. */
  isStopped: boolean;
  mending: IMending;
  trans: TranslationBundle;
}): JSX.Element | null {
  const { isStopped, mending, plan, solved, trans } = props;
  if (hasErrors(plan.diagnostics)) {
    return null;
  }
  if (solved?.conflict) {
    return (
      <Conflict
        {...mending}
        error={solved.conflict}
        text={plan.text ?? ''}
        trans={trans}
      />
    );
  }
  const known = solved ?? plan;
  if (isForUv(plan)) {
    return (
      <>
        <p className="jp-Envlink-solution" role="status">
          {uvWords(known, trans)}
        </p>
        <OtherChanges plan={known} trans={trans} />
      </>
    );
  }
  const solution = solved?.solution;
  return (
    <>
      <p className="jp-Envlink-solution" role="status">
        {solution
          ? `${differenceWords(known, trans)} ${weightWords(solution, trans)}`.trim()
          : waitingWords(plan, isStopped, trans)}
      </p>
      {solution && (
        <Changes
          changes={solution.changes}
          isMain={plan.operation === 'update'}
          trans={trans}
        />
      )}
      <OtherChanges plan={known} trans={trans} />
    </>
  );
}

/** What is being waited for, where the packages are not known yet. */
function waitingWords(
  plan: Envlink.IPlan,
  isStopped: boolean,
  trans: TranslationBundle
): string {
  if (isStopped) {
    return trans.__('Which packages are needed is not known: it was stopped.');
  }
  return plan.format === 'conda-pack'
    ? trans.__('Reading the archive…')
    : trans.__('Asking the channels which packages are needed…');
}

/** What uv says that it would do, where it was asked. */
function uvWords(plan: Envlink.IPlan, trans: TranslationBundle): string {
  if (plan.pip_steps) {
    return differenceWords(plan, trans);
  }
  return plan.operation === 'update'
    ? trans.__('uv looks for the packages when they are installed.')
    : trans.__('uv looks for the packages when the environment is made.');
}
