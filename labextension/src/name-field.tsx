import { ErrorBox } from './parts';
import type { Envlink } from './tokens';

import type { TranslationBundle } from '@jupyterlab/translation';

import * as React from 'react';

/** The field in which an environment gets its name. */
export const NAME_FIELD = 'jp-envlink-name';

/** A name, with where that leads or what stands against it. */
export function NameField(props: {
  name: string;
  prefix: string | null;
  problem: Pick<Envlink.IErrorBody, 'message' | 'remedy'> | null;
  trans: TranslationBundle;
  onChange: (name: string) => void;
  autoFocus?: boolean;
}): JSX.Element {
  const { autoFocus, name, onChange, prefix, problem, trans } = props;
  return (
    <div className="jp-Envlink-field">
      <label htmlFor={NAME_FIELD}>{trans.__('Name')}</label>
      <input
        id={NAME_FIELD}
        className="jp-mod-styled"
        autoFocus={autoFocus}
        value={name}
        autoComplete="off"
        spellCheck={false}
        aria-invalid={problem !== null}
        aria-describedby="jp-envlink-name-note"
        onChange={event => onChange(event.target.value)}
      />
      <div id="jp-envlink-name-note" aria-live="polite">
        {problem ? (
          <ErrorBox error={problem} />
        ) : (
          prefix && (
            <p className="jp-Envlink-path" title={prefix}>
              <bdi>{prefix}</bdi>
            </p>
          )
        )}
      </div>
    </div>
  );
}
