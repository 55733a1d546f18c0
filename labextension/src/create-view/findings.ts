import { causesOf, placeOf as placeOfCause } from '../causes';
import { placeOf } from '../diagnostics';
import { applied } from '../edits';
import type { EnvlinkError } from '../error';
import { fixLabel } from '../fixes';
import type { IPlace } from '../lines';
import type { Envlink } from '../tokens';

import type { TranslationBundle } from '@jupyterlab/translation';

/** Something to be said about a place of the text, and what helps. */
export interface IFinding {
  place: IPlace;
  severity: Envlink.IDiagnostic['severity'];
  message: string;
  hint: string | null;
  fixes: IFix[];
}

/** What helps: the text after it. */
export interface IFix {
  label: string;
  text: string;
}

/** What is to be said about the text of a plan: by its reader, and by the solver. */
export function findingsOf(
  known: {
    plan: Envlink.IPlan | null;
    solved: Envlink.IPlan | null;
    error: EnvlinkError | null;
  },
  text: string,
  trans: TranslationBundle
): IFinding[] {
  const said = known.error?.diagnostics ?? known.plan?.diagnostics ?? [];
  return [
    ...said.flatMap(each => ofReader(each, text, trans)),
    ...ofSolver(known.solved?.conflict ?? null)
  ];
}

function ofReader(
  diagnostic: Envlink.IDiagnostic,
  text: string,
  trans: TranslationBundle
): IFinding[] {
  const place = placeOf(diagnostic);
  const { fix, hint, message, severity } = diagnostic;
  const fixes = fix
    ? [{ label: fixLabel(diagnostic, trans), text: applied(text, [fix]) }]
    : [];
  return place ? [{ place, severity, message, hint, fixes }] : [];
}

/** A conflict is shown at each of the lines that are to blame, each with what helps against it. */
function ofSolver(conflict: Envlink.IErrorBody | null): IFinding[] {
  const fixes = (conflict?.details.remedies ?? [])
    .filter(each => each.solves)
    .map(({ title, text }) => ({ label: title, text }));
  return causesOf(conflict).flatMap(cause => {
    const place = placeOfCause(cause);
    const { message } = cause;
    return place
      ? [{ place, severity: 'error' as const, message, hint: null, fixes }]
      : [];
  });
}
