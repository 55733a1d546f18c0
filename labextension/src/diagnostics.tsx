import type { EnvlinkError } from './api';
import { ErrorBox, Sign } from './parts';
import type { Envlink } from './tokens';
import { diagnosticSign } from './words';

import type { TranslationBundle } from '@jupyterlab/translation';

import * as React from 'react';

/** Why a file cannot be planned, with what is wrong in it. */
export function PlanError(props: {
  error: EnvlinkError;
  trans: TranslationBundle;
}): JSX.Element {
  const { error, trans } = props;
  return (
    <>
      <ErrorBox error={error} />
      <Diagnostics diagnostics={error.diagnostics} trans={trans} />
    </>
  );
}

/** What is to be said about the file, each with its place. */
export function Diagnostics(props: {
  diagnostics: Envlink.IDiagnostic[];
  trans: TranslationBundle;
}): JSX.Element | null {
  const { diagnostics, trans } = props;
  return diagnostics.length ? (
    <ul
      className="jp-Envlink-diagnostics"
      aria-label={trans.__('What is to be said about the file')}
    >
      {diagnostics.map((diagnostic, index) => (
        <li key={index} data-severity={diagnostic.severity}>
          <div className="jp-Envlink-diagnosis">
            <Sign sign={diagnosticSign(diagnostic.severity, trans)} />
            <Place diagnostic={diagnostic} trans={trans} />
          </div>
          <p className="jp-Envlink-message">{diagnostic.message}</p>
          {diagnostic.hint && (
            <p className="jp-Envlink-remedy">{diagnostic.hint}</p>
          )}
        </li>
      ))}
    </ul>
  ) : null;
}

function Place(props: {
  diagnostic: Envlink.IDiagnostic;
  trans: TranslationBundle;
}): JSX.Element | null {
  const { line, column } = props.diagnostic;
  if (line === null) {
    return null;
  }
  return (
    <span className="jp-Envlink-place">
      {column === null
        ? props.trans.__('line %1', line)
        : props.trans.__('line %1, column %2', line, column)}
    </span>
  );
}

/** Whether a file cannot be used as it is. */
export function hasErrors(diagnostics: Envlink.IDiagnostic[]): boolean {
  return diagnostics.some(each => each.severity === 'error');
}
