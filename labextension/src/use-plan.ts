import { hasErrors } from './diagnostics';
import type { EnvlinkError } from './error';
import type { Envlink, IEnvlinkModel } from './tokens';

import * as React from 'react';

/** Milliseconds without a key press after which what is typed is asked about. */
export const TYPING_PAUSE = 250;

/** What is asked about, beside the file and its text. */
export interface ISubject {
  /** What the answer that is there at once depends on. */
  quick: Envlink.IPlanRequest;
  /** What the packages depend on: they are solved once for each. */
  lasting: Envlink.IPlanRequest;
}

/** A file, by its path, or a text that is none yet, by what it is called. */
export interface IFile {
  path: string | null;
  filename: string | null;
}

/** A text, and the file that it is of, if any. */
export interface IPlanned extends IFile {
  /** `null` where it is what the file holds. */
  text: string | null;
  /** Another number where the file was read or written since. */
  revision: number;
  /** Another number where the environments have changed since. */
  round: number;
}

/** What can be known of a file: read at once, solved a moment later. */
export interface IPlanState extends ISolving {
  plan: Envlink.IPlan | null;
  error: EnvlinkError | null;
  /** The plan is of a text before the last change, or of another subject. */
  isStale: boolean;
}

/** How far the channels have been asked. */
export interface ISolving {
  /** `null` until there is an answer. */
  solved: Envlink.IPlan | null;
  /** When it was begun (milliseconds); `null` while nothing is being solved. */
  since: number | null;
  /** Whether it was stopped before there was an answer. */
  isStopped: boolean;
  stop: () => void;
  again: () => void;
}

/** A plan, and what it is of. */
interface IAnswer {
  plan: Envlink.IPlan;
  text: string | null;
  lasting: string;
  round: number;
}

/**
 * Ask what a file, or its changed text, would give: without the channels at once, then with them. Without a subject
 * nothing is asked. What was asked before is given up.
 */
export function usePlan(
  model: IEnvlinkModel,
  planned: IPlanned,
  subject: ISubject | null
): IPlanState {
  const { filename, path, revision, round, text } = planned;
  const [answer, setAnswer] = React.useState<IAnswer | null>(null);
  const [error, setError] = React.useState<EnvlinkError | null>(null);
  const quick = JSON.stringify(subject?.quick);
  const lasting = JSON.stringify(subject?.lasting);
  const isTyped = quick !== lasting;
  React.useEffect(() => {
    const waiting = new AbortController();
    const { signal } = waiting;
    const ask = async () => {
      try {
        const asked = { ...requestOf(planned), ...subject?.quick };
        const plan = await model.plan({ ...asked, solve: false }, signal);
        if (!signal.aborted) {
          setAnswer({ plan, text, lasting, round });
          setError(null);
        }
      } catch (reason) {
        if (!signal.aborted) {
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
      waiting.abort();
      clearTimeout(timer ?? undefined);
    };
  }, [model, path, filename, quick, text, revision, round]);
  const solving = useSolved(model, { path, filename }, subject, answer);
  const isStale =
    answer?.text !== text ||
    answer.lasting !== lasting ||
    answer.round !== round;
  return subject
    ? { ...solving, plan: answer?.plan ?? null, error, isStale }
    : { ...solving, plan: null, error: null, isStale };
}

/** The plan of an answer with its packages, once there are any. */
function useSolved(
  model: IEnvlinkModel,
  { filename, path }: IFile,
  subject: ISubject | null,
  answer: IAnswer | null
): ISolving {
  const [solved, setSolved] = React.useState<Envlink.IPlan | null>(null);
  const [since, setSince] = React.useState<number | null>(null);
  const [isStopped, setStopped] = React.useState(false);
  const [tries, setTries] = React.useState(0);
  const waiting = React.useRef<AbortController | null>(null);
  const plan = answer?.plan ?? null;
  const isGood = plan !== null && !hasErrors(plan.diagnostics);
  // What would be created is the same as before; what would be changed is not.
  const round = plan?.operation === 'update' ? answer?.round : 0;
  const readable = isGood ? (plan.text ?? answer?.text ?? '') : null;
  React.useEffect(() => {
    const { signal } = (waiting.current = new AbortController());
    const end = (found: Envlink.IPlan | null) => {
      if (!signal.aborted) {
        setSolved(found);
        setSince(null);
      }
    };
    setSolved(null);
    setStopped(false);
    setSince(null);
    if (answer && readable !== null) {
      const { text } = answer;
      const asked = {
        ...requestOf({ path, filename, text }),
        ...subject?.lasting
      };
      setSince(Date.now());
      model
        .plan({ ...asked, solve: true }, signal)
        .then(end, reason => end(unsolved(plan, reason as EnvlinkError)));
    }
    return () => waiting.current?.abort();
  }, [model, path, filename, readable, answer?.lasting, round, tries]);
  return {
    solved,
    since,
    isStopped,
    stop: () => {
      waiting.current?.abort();
      setSince(null);
      setStopped(true);
    },
    again: () => setTries(tries + 1)
  };
}

/** The part of a request that says what is read: a text that is no file lies in no folder. */
export function requestOf(planned: Pick<IPlanned, keyof IFile | 'text'>): {
  path?: string;
  filename?: string;
  text?: string;
} {
  const { filename, path, text } = planned;
  const called = path === null && filename !== null ? { filename } : {};
  return {
    ...(path === null ? called : { path }),
    ...(text === null ? {} : { text })
  };
}

/** The plan with what kept it from being solved in the place of a conflict. */
function unsolved(plan: Envlink.IPlan | null, reason: EnvlinkError) {
  const { code, details, message, remedy } = reason;
  return plan && { ...plan, conflict: { code, details, message, remedy } };
}
