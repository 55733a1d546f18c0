import { apart, applied } from './edits';
import type { Envlink, IEnvlinkModel } from './tokens';
import type { IFile } from './use-plan';
import { requestOf } from './use-plan';

import type { TranslationBundle } from '@jupyterlab/translation';

import * as React from 'react';

/** A mended file shows what was hidden behind its faults; so often is it looked at again. */
const MOST_ROUNDS = 50;

/** The longest new text that stands on a button. */
const LONGEST_LABEL = 60;

/** What mends the text that is shown. */
export interface IFixes {
  /** The answer to the last change is awaited. */
  isBusy: boolean;
  fix: (edit: Envlink.IEdit) => void;
  fixAll: () => void;
}

/** Mend the text of a plan, one finding or all of them. */
export function useFixes(options: {
  model: IEnvlinkModel;
  file: IFile;
  plan: Envlink.IPlan | null;
  isStale: boolean;
  onChange: (text: string) => void;
}): IFixes {
  const { file, isStale, model, onChange, plan } = options;
  const [isMending, setMending] = React.useState(false);
  const fixAll = async (from: Envlink.IPlan) => {
    setMending(true);
    try {
      onChange(await mended(model, file, from));
    } finally {
      setMending(false);
    }
  };
  return {
    isBusy: isStale || isMending,
    fix: edit => onChange(applied(plan?.text ?? '', [edit])),
    fixAll: () => void (plan && fixAll(plan))
  };
}

/** The text without any finding that can be mended, as far as the server answers. */
async function mended(
  model: IEnvlinkModel,
  file: IFile,
  plan: Envlink.IPlan
): Promise<string> {
  let text = plan.text ?? '';
  let edits = editsOf(plan.diagnostics);
  const seen = new Set([text]);
  for (let round = 0; round < MOST_ROUNDS && edits.length; round++) {
    const next = applied(text, apart(edits));
    if (seen.has(next)) {
      break;
    }
    text = next;
    seen.add(text);
    try {
      const { diagnostics } = await model.plan({
        ...requestOf({ ...file, text }),
        solve: false
      });
      edits = editsOf(diagnostics);
    } catch {
      // The view asks about the text too, and says why there is no answer.
      break;
    }
  }
  return text;
}

export function editsOf(diagnostics: Envlink.IDiagnostic[]): Envlink.IEdit[] {
  return diagnostics.flatMap(each => each.fix ?? []);
}

/** What a fix does, in a few words. */
export function fixLabel(
  diagnostic: Envlink.IDiagnostic,
  trans: TranslationBundle
): string {
  const text = diagnostic.fix?.text.trim() ?? '';
  if (text && text.length <= LONGEST_LABEL && !/[\r\n]/.test(text)) {
    return trans.__('Fix: %1', text);
  }
  return text || !diagnostic.fix
    ? trans.__('Fix: %1', diagnostic.hint ?? diagnostic.message)
    : trans.__('Fix: remove it');
}
