import type { EnvlinkError } from '../error';

import * as React from 'react';

/** What was asked of the server, as far as it has answered. */
export interface IReading<T> {
  /** The last answer; it stays while another is on its way. */
  value: T | null;
  error: EnvlinkError | null;
  isReading: boolean;
  /** Ask again. */
  again: () => void;
  /** Wait for the answer no more. */
  stop: () => void;
}

/**
 * Ask the server, and again whenever one of `keys` differs. `read` is told whether somebody wants it anew.
 */
export function useReading<T>(
  read: (anew: boolean, signal: AbortSignal) => Promise<T>,
  keys: readonly unknown[]
): IReading<T> {
  const [value, setValue] = React.useState<T | null>(null);
  const [error, setError] = React.useState<EnvlinkError | null>(null);
  const [isReading, setReading] = React.useState(true);
  const current = React.useRef<AbortController | null>(null);
  const start = (anew: boolean) => {
    current.current?.abort();
    const asked = new AbortController();
    current.current = asked;
    setReading(true);
    const settle = (found: T | null, reason: EnvlinkError | null) => {
      if (current.current === asked) {
        setReading(false);
        setError(reason);
        if (found !== null) {
          setValue(found);
        }
      }
    };
    read(anew, asked.signal).then(
      found => settle(found, null),
      reason => settle(null, reason as EnvlinkError)
    );
  };
  const stop = () => {
    current.current?.abort();
    current.current = null;
    setReading(false);
  };
  React.useEffect(() => {
    start(false);
    return () => {
      current.current?.abort();
      current.current = null;
    };
  }, keys);
  return { value, error, isReading, again: () => start(true), stop };
}
