import type { IPlanned } from '../use-plan';
import { TYPING_PAUSE } from '../use-plan';
import type { Draft } from './draft';

import type { ISignal } from '@lumino/signaling';

import * as React from 'react';

/** Draw again each time that something is said to have changed. */
export function useChanges(signal: ISignal<unknown, unknown>): void {
  const [, redraw] = React.useReducer((count: number) => count + 1, 0);
  React.useEffect(() => {
    signal.connect(redraw);
    return () => void signal.disconnect(redraw);
  }, [signal]);
}

/** The text to be asked about: that of a draft, once nobody has typed for a moment; `null` before it is read. */
export function useAsked(draft: Draft, round: number): IPlanned | null {
  useChanges(draft.changed);
  const [asked, setAsked] = React.useState<IPlanned | null>(null);
  const { edited: text, isLoading, revision } = draft;
  const { filename, path } = draft.file;
  const isFirst = asked === null;
  React.useEffect(() => {
    const now = { path, filename, text, revision, round };
    const timer = isLoading
      ? undefined
      : setTimeout(() => setAsked(now), isFirst ? 0 : TYPING_PAUSE);
    return () => clearTimeout(timer);
  }, [path, filename, text, isLoading, revision, round]);
  return asked;
}

/** Whether something was typed that is not asked about yet. */
export function isTyping(draft: Draft, asked: IPlanned | null): boolean {
  const { filename, path } = draft.file;
  return (
    asked?.text !== draft.edited ||
    asked.path !== path ||
    asked.filename !== filename
  );
}
