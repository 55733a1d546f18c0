import { Labels, Problem, Sign } from './parts';
import type { Envlink } from './tokens';
import { checkSign, stateSign } from './words';

import type { TranslationBundle } from '@jupyterlab/translation';

import * as React from 'react';

/** What is right and wrong with an environment. */
export function Report(props: {
  report: Envlink.IReport;
  isOpen: boolean;
  trans: TranslationBundle;
}): JSX.Element {
  const { isOpen, report, trans } = props;
  const { checks, kind, name, prefix, problem, state } = report;
  const isTold = checks.some(each => each.text === problem?.message);
  return (
    <li className="jp-Envlink-row" data-report={name}>
      <details open={isOpen}>
        <summary>
          <span className="jp-Envlink-name">{name}</span>
          {state && <Sign sign={stateSign(state, trans)} />}
          {kind && (
            <Labels
              labels={[
                { text: kind, meaning: trans.__('The kind of environment') }
              ]}
            />
          )}
        </summary>
        <div className="jp-Envlink-path" title={prefix}>
          <bdi>{prefix}</bdi>
        </div>
        {problem && !isTold && <Problem problem={problem} />}
        <Checks checks={checks} trans={trans} />
      </details>
    </li>
  );
}

/** What was looked at, with a word for how it is and what to do. */
export function Checks(props: {
  checks: Envlink.ICheck[];
  trans: TranslationBundle;
}): JSX.Element {
  const { checks, trans } = props;
  return (
    <ul className="jp-Envlink-checks">
      {checks.map(({ code, ok, remedy, text }) => (
        <li key={`${code} ${text}`} data-check={code}>
          <Sign sign={checkSign(ok, trans)} />
          <div>
            <p className="jp-Envlink-message">{text}</p>
            {remedy && <p className="jp-Envlink-remedy">{remedy}</p>}
          </div>
        </li>
      ))}
    </ul>
  );
}

/** Where environments are looked for, and why there. */
export function Places(props: {
  places: Envlink.IPlace[];
  trans: TranslationBundle;
}): JSX.Element | null {
  const { places, trans } = props;
  return places.length > 0 ? (
    <>
      <h3>{trans.__('Where environments are looked for')}</h3>
      <ul className="jp-Envlink-checks">
        {places.map(place => (
          <li key={`${place.path} ${place.source}`}>
            <span>{placeWord(place, trans)}</span>
            <div>
              <code>{place.path}</code>
              <p className="jp-Envlink-remedy">{place.source}</p>
            </div>
          </li>
        ))}
      </ul>
    </>
  ) : null;
}

function placeWord(place: Envlink.IPlace, trans: TranslationBundle): string {
  if (!place.exists) {
    return trans.__('Not there');
  }
  return place.readable
    ? trans.__('%1 found', place.environments)
    : trans.__('Unreadable');
}
