import type { Envlink } from './tokens';

import type { TranslationBundle } from '@jupyterlab/translation';
import { HTMLSelect } from '@jupyterlab/ui-components';

import * as React from 'react';

const FIELD = 'jp-envlink-environment';

/** Which environment is meant, of those that may be changed. */
export function EnvironmentField(props: {
  chosen: Envlink.IEnvironment | null;
  environments: readonly Envlink.IEnvironment[];
  onChange: (id: string) => void;
  trans: TranslationBundle;
}): JSX.Element {
  const { chosen, environments, onChange, trans } = props;
  const offered = environments.filter(
    each => each.not_changeable === null || each === chosen
  );
  return (
    <div className="jp-Envlink-field">
      <label htmlFor={FIELD}>{trans.__('Environment')}</label>
      <HTMLSelect
        id={FIELD}
        className="jp-Envlink-select"
        value={chosen?.id ?? ''}
        aria-describedby="jp-envlink-environment-note"
        onChange={event => onChange(event.target.value)}
      >
        {!chosen && (
          <option value="" disabled>
            {trans.__('Choose one…')}
          </option>
        )}
        {offered.map(each => (
          <option key={each.id} value={each.id}>
            {isAlone(each, offered)
              ? each.name
              : `${each.name} (${each.prefix})`}
          </option>
        ))}
      </HTMLSelect>
      <p
        id="jp-envlink-environment-note"
        className="jp-Envlink-path"
        title={chosen?.prefix}
      >
        <bdi>{chosen?.prefix}</bdi>
      </p>
    </div>
  );
}

/** Whether no other has its name. */
function isAlone(
  environment: Envlink.IEnvironment,
  others: Envlink.IEnvironment[]
): boolean {
  return others.every(
    each => each === environment || each.name !== environment.name
  );
}
