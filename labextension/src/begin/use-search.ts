import type { EnvlinkError } from '../error';
import { asEnvlinkError } from '../error';
import type { Envlink, IEnvlinkModel } from '../tokens';

import * as React from 'react';

/** Milliseconds without a key press after which what is typed is searched for. */
const TYPING_PAUSE = 120;

/** What is known of a search. */
export interface ISearch {
  /** Of the last one that was answered. */
  found: Envlink.IPackages | null;
  error: EnvlinkError | null;
  isBusy: boolean;
}

/** Search the channels for what is typed. An empty text finds nothing, but tells which channels there are. */
export function useSearch(
  model: IEnvlinkModel,
  query: string,
  channels: readonly string[]
): ISearch {
  const [found, setFound] = React.useState<Envlink.IPackages | null>(null);
  const [error, setError] = React.useState<EnvlinkError | null>(null);
  const [isBusy, setBusy] = React.useState(false);
  const key = channels.join('\n');
  React.useEffect(() => {
    const asked = new AbortController();
    const ask = async () => {
      setBusy(true);
      try {
        const answer = await model.packages(query, channels, asked.signal);
        if (!asked.signal.aborted) {
          setFound(answer);
          setError(null);
        }
      } catch (reason) {
        if (!asked.signal.aborted) {
          setError(asEnvlinkError(reason));
        }
      }
      if (!asked.signal.aborted) {
        setBusy(false);
      }
    };
    const timer = setTimeout(() => void ask(), query ? TYPING_PAUSE : 0);
    return () => {
      clearTimeout(timer);
      asked.abort();
    };
  }, [model, query, key]);
  return { found, error, isBusy };
}
