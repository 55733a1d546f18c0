import { hasErrors } from './diagnostics';
import type { EnvlinkError } from './error';
import type { Envlink, IEnvlinkModel } from './tokens';

import * as React from 'react';

/** Milliseconds without a key press after which what is typed is asked about. */
const TYPING_PAUSE = 250;

/** What is asked about, beside the file and its text. */
export interface ISubject {
  /** What the answer that is there at once depends on. */
  quick: Envlink.IPlanRequest;
  /** What the packages depend on: they are solved once for each. */
  lasting: Envlink.IPlanRequest;
}

/** What can be known of a file: read at once, solved a moment later. */
export interface IPlanState {
  plan: Envlink.IPlan | null;
  solved: Envlink.IPlan | null;
  error: EnvlinkError | null;
  /** The plan is of a text before the last change, or of another subject. */
  isStale: boolean;
}

/** A plan, and what it is of. */
interface IAnswer {
  plan: Envlink.IPlan;
  text: string | null;
  lasting: string;
}

/**
 * Ask what a file, or its changed text, would give: without the channels at once, then with them. Without a subject
 * nothing is asked.
 */
export function usePlan(
  model: IEnvlinkModel,
  path: string,
  subject: ISubject | null,
  text: string | null
): IPlanState {
  const [answer, setAnswer] = React.useState<IAnswer | null>(null);
  const [error, setError] = React.useState<EnvlinkError | null>(null);
  const quick = JSON.stringify(subject?.quick);
  const lasting = JSON.stringify(subject?.lasting);
  const isTyped = quick !== lasting;
  React.useEffect(() => {
    let current = true;
    const ask = async () => {
      try {
        const asked = { path, ...edited(text), ...subject?.quick };
        const plan = await model.plan({ ...asked, solve: false });
        if (current) {
          setAnswer({ plan, text, lasting });
          setError(null);
        }
      } catch (reason) {
        if (current) {
          const isChanged = isTyped || text !== null;
          setAnswer(known =>
            isChanged && known?.lasting === lasting ? known : null
          );
          setError(reason as EnvlinkError);
        }
      }
    };
    const pause = isTyped && answer?.text === text ? TYPING_PAUSE : 0;
    const timer = subject && setTimeout(() => void ask(), pause);
    return () => {
      current = false;
      clearTimeout(timer ?? undefined);
    };
  }, [model, path, quick, text]);
  const solved = useSolved(model, path, subject, answer);
  const isStale = answer?.text !== text || answer.lasting !== lasting;
  return { plan: answer?.plan ?? null, solved, error, isStale };
}

/** The plan of an answer with its packages, once there are any. */
function useSolved(
  model: IEnvlinkModel,
  path: string,
  subject: ISubject | null,
  answer: IAnswer | null
): Envlink.IPlan | null {
  const [solved, setSolved] = React.useState<Envlink.IPlan | null>(null);
  const plan = answer?.plan ?? null;
  const isGood = plan !== null && !hasErrors(plan.diagnostics);
  const readable = isGood ? (plan.text ?? '') : null;
  React.useEffect(() => {
    const waiting = new AbortController();
    const { signal } = waiting;
    setSolved(null);
    if (answer && readable !== null) {
      const asked = { path, ...edited(answer.text), ...subject?.lasting };
      model.plan({ ...asked, solve: true }, signal).then(
        found => signal.aborted || setSolved(found),
        reason =>
          signal.aborted || setSolved(unsolved(plan, reason as EnvlinkError))
      );
    }
    return () => waiting.abort();
  }, [model, path, readable, answer?.lasting]);
  return solved;
}

/** The part of a request that says how the text was changed. */
export function edited(text: string | null): { text?: string } {
  return text === null ? {} : { text };
}

/** Whether what is planned can be done, as far as is known. */
export function isFeasible(state: IPlanState): boolean {
  const { error, isStale, plan, solved } = state;
  return (
    error === null &&
    !isStale &&
    plan !== null &&
    plan.name_problem === null &&
    plan.prefix !== null &&
    !hasErrors(plan.diagnostics) &&
    !solved?.conflict
  );
}

/** The plan with what kept it from being solved in the place of a conflict. */
function unsolved(plan: Envlink.IPlan | null, reason: EnvlinkError) {
  const { code, details, message, remedy } = reason;
  return plan && { ...plan, conflict: { code, details, message, remedy } };
}
