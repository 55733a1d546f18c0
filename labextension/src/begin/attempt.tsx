import type { EnvlinkError } from '../error';
import { asEnvlinkError } from '../error';

import * as React from 'react';

/** Something that a person has asked for: whether it is under way, and why it failed. */
export interface IAttempt {
  isBusy: boolean;
  error: EnvlinkError | null;
  /** Try it; what is under way goes on, and is not begun again. */
  make: (what: () => Promise<void>) => void;
  /** Forget why it failed. */
  forget: () => void;
}

/** One attempt at a time. */
export function useAttempt(): IAttempt {
  const [isBusy, setBusy] = React.useState(false);
  const [error, setError] = React.useState<EnvlinkError | null>(null);
  const make = (what: () => Promise<void>) => {
    if (isBusy) {
      return;
    }
    setBusy(true);
    setError(null);
    void what()
      .catch(reason => setError(asEnvlinkError(reason)))
      .finally(() => setBusy(false));
  };
  return { isBusy, error, make, forget: () => setError(null) };
}
