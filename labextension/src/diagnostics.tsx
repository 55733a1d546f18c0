import type { EnvlinkError } from './error';
import { editsOf, fixLabel } from './fixes';
import type { IFixes } from './fixes';
import type { IPlace } from './lines';
import { ActionButton, ErrorBox, Sign } from './parts';
import type { Envlink } from './tokens';
import { diagnosticSign } from './words';

import type { TranslationBundle } from '@jupyterlab/translation';

import * as React from 'react';

/** Why a file cannot be planned, with what is wrong in it. */
export function PlanError(props: {
  error: EnvlinkError;
  onShow?: (place: IPlace) => void;
  trans: TranslationBundle;
}): JSX.Element {
  const { error, ...others } = props;
  return (
    <>
      <ErrorBox error={error} />
      <Diagnostics diagnostics={error.diagnostics} {...others} />
    </>
  );
}

/** What is to be said about the file, each with its place and, where there is one, what mends it. */
export function Diagnostics(props: {
  diagnostics: Envlink.IDiagnostic[];
  trans: TranslationBundle;
  fixes?: IFixes;
  /** Show a place of the text; left out where the places are not those of what is shown. */
  onShow?: (place: IPlace) => void;
}): JSX.Element | null {
  const { diagnostics, fixes, onShow, trans } = props;
  if (!diagnostics.length) {
    return null;
  }
  return (
    <>
      <ul
        className="jp-Envlink-diagnostics"
        aria-label={trans.__('What is to be said about the file')}
      >
        {diagnostics.map((diagnostic, index) => (
          <li key={index} data-severity={diagnostic.severity}>
            <div className="jp-Envlink-diagnosis">
              <Sign sign={diagnosticSign(diagnostic.severity, trans)} />
              <Place diagnostic={diagnostic} onShow={onShow} trans={trans} />
            </div>
            <p className="jp-Envlink-message">{diagnostic.message}</p>
            {diagnostic.hint && (
              <p className="jp-Envlink-remedy">{diagnostic.hint}</p>
            )}
            {fixes && (
              <FixButton diagnostic={diagnostic} fixes={fixes} trans={trans} />
            )}
          </li>
        ))}
      </ul>
      {fixes && editsOf(diagnostics).length > 1 && (
        <ActionButton
          label={trans.__('Fix all')}
          reason={fixes.isBusy ? trans.__('Being mended…') : null}
          onClick={fixes.fixAll}
        >
          {trans.__('Fix all')}
        </ActionButton>
      )}
    </>
  );
}

function FixButton(props: {
  diagnostic: Envlink.IDiagnostic;
  fixes: IFixes;
  trans: TranslationBundle;
}): JSX.Element | null {
  const { diagnostic, fixes, trans } = props;
  const edit = diagnostic.fix;
  if (!edit) {
    return null;
  }
  const label = fixLabel(diagnostic, trans);
  const place = trans.__('line %1', diagnostic.line ?? edit.line);
  return (
    <div className="jp-Envlink-buttons">
      <ActionButton
        label={`${label} (${place})`}
        reason={fixes.isBusy ? trans.__('Being mended…') : null}
        onClick={() => fixes.fix(edit)}
      >
        {label}
      </ActionButton>
    </div>
  );
}

function Place(props: {
  diagnostic: Envlink.IDiagnostic;
  onShow?: (place: IPlace) => void;
  trans: TranslationBundle;
}): JSX.Element | null {
  const { diagnostic, onShow, trans } = props;
  const { column, line } = diagnostic;
  const place = placeOf(diagnostic);
  if (line === null || place === null) {
    return null;
  }
  const word =
    column === null
      ? trans.__('line %1', line)
      : trans.__('line %1, column %2', line, column);
  return onShow ? (
    <button
      type="button"
      className="jp-Envlink-link"
      title={trans.__('Show line %1 in the editor', line)}
      onClick={() => onShow(place)}
    >
      {word}
    </button>
  ) : (
    <span className="jp-Envlink-place">{word}</span>
  );
}

/** Where a finding is; where its columns are not known, its whole line is meant. */
export function placeOf(diagnostic: Envlink.IDiagnostic): IPlace | null {
  const { column, end_column, end_line, line } = diagnostic;
  return line === null
    ? null
    : {
        line,
        column: column ?? 1,
        endLine: end_line ?? (column === null ? line + 1 : line),
        endColumn: end_column ?? (column === null ? 1 : column)
      };
}

/** Whether a file cannot be used as it is. */
export function hasErrors(diagnostics: Envlink.IDiagnostic[]): boolean {
  return diagnostics.some(each => each.severity === 'error');
}
