import type { Envlink } from '../tokens';
import type { IPartProps } from './parts';
import { Answered } from './parts';
import { useReading } from './reading';

import type { TranslationBundle } from '@jupyterlab/translation';

import * as React from 'react';

/** Why a package is there: who has asked for it, or for what needs it. */
export function Why(props: IPartProps & { name: string }): JSX.Element {
  const { environment, model, name, trans } = props;
  const reading = useReading(
    () => model.why(environment.id, name),
    [model, environment, name]
  );
  return (
    <div className="jp-EnvlinkView-why" role="region" aria-label={name}>
      <Answered
        reading={reading}
        awaited={trans.__('Looking for what needs %1…', name)}
        draw={why => <Reasons why={why} trans={trans} />}
        trans={trans}
      />
    </div>
  );
}

function Reasons(props: {
  why: Envlink.IWhy;
  trans: TranslationBundle;
}): JSX.Element {
  const { trans, why } = props;
  return (
    <>
      <p>{verdict(why, trans)}</p>
      {why.chains.length > 0 && (
        <ul
          className="jp-EnvlinkView-chains"
          aria-label={trans.__('From what was asked for down to %1', why.name)}
        >
          {why.chains.map(chain => (
            <Chain key={chain[0].name} steps={chain} />
          ))}
        </ul>
      )}
      {why.left_out > 0 && (
        <p>{trans._n('… and %1 more', '… and %1 more', why.left_out)}</p>
      )}
      <Neighbours
        title={trans.__('Needed by')}
        steps={why.needed_by}
        trans={trans}
      />
      <Neighbours
        title={trans.__('It needs')}
        steps={why.needs}
        trans={trans}
      />
    </>
  );
}

function verdict(why: Envlink.IWhy, trans: TranslationBundle): string {
  const { chains, name, needed_by: neededBy, orphan, requested } = why;
  if (orphan) {
    return trans.__('Nobody has asked for %1, and nothing needs it.', name);
  }
  if (requested !== null) {
    return neededBy.length > 0
      ? trans.__('%1 was asked for, and other packages need it.', requested)
      : trans.__('%1 was asked for; nothing else needs it.', requested);
  }
  return chains.length > 0
    ? trans.__('%1 came along with what needs it:', name)
    : trans.__(
        'Nobody has asked for %1; packages that need each other need it.',
        name
      );
}

/** Each step below the one that needs it. */
function Chain(props: { steps: Envlink.IStep[] }): JSX.Element {
  const [first, ...rest] = props.steps;
  return (
    <li>
      <Step step={first} />
      {rest.length > 0 && (
        <ul>
          <Chain steps={rest} />
        </ul>
      )}
    </li>
  );
}

function Step(props: { step: Envlink.IStep }): JSX.Element {
  const { name, spec, version } = props.step;
  return (
    <>
      <b>{name}</b> {version} {spec && spec !== name && <code>{spec}</code>}
    </>
  );
}

function Neighbours(props: {
  title: string;
  steps: Envlink.IStep[];
  trans: TranslationBundle;
}): JSX.Element | null {
  const { steps, title, trans } = props;
  return steps.length > 0 ? (
    <details>
      <summary>{trans.__('%1: %2', title, steps.length)}</summary>
      <ul aria-label={title}>
        {steps.map((step, index) => (
          <li key={`${step.name} ${index}`}>
            <Step step={step} />{' '}
            {step.version === null && (
              <em>{trans.__('It is not installed.')}</em>
            )}
          </li>
        ))}
      </ul>
    </details>
  ) : null;
}
