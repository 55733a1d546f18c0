import { harmless } from './cleanup-groups';
import type { EnvlinkError } from './error';
import { asEnvlinkError } from './error';
import { hasEnded } from './jobs';
import type { Envlink, IEnvlinkModel, IJobChange } from './tokens';

import * as React from 'react';

/** What may go, what of it is chosen, and what has come of it. */
export interface ICleaning {
  items: readonly Envlink.ILeftover[];
  since: string | null;
  days: number;
  chosen: ReadonlySet<string>;
  isLooking: boolean;
  isAtWork: boolean;
  error: EnvlinkError | null;
  /** What could not go last time. */
  kept: readonly Envlink.ILeftover[];
  setDays: (days: number) => void;
  choose: (ids: readonly string[], on: boolean) => void;
  look: () => void;
  free: () => Promise<void>;
}

/** Half a year is a term. */
export const DAYS = [30, 90, 180, 365];

/**
 * Look for what may go, and again after each job; remove what is chosen.
 */
export function useCleanup(model: IEnvlinkModel): ICleaning {
  const [days, setDays] = React.useState(DAYS[1]);
  const [found, setFound] = React.useState<Envlink.ICleanup | null>(null);
  const [chosen, setChosen] = React.useState<ReadonlySet<string>>(new Set());
  const [kept, setKept] = React.useState<readonly Envlink.ILeftover[]>([]);
  const [error, setError] = React.useState<EnvlinkError | null>(null);
  const [isLooking, setIsLooking] = React.useState(true);
  const [isAtWork, setIsAtWork] = React.useState(false);
  const [looks, setLooks] = React.useState(0);
  const look = () => setLooks(before => before + 1);

  React.useEffect(() => {
    const given = new AbortController();
    setIsLooking(true);
    model
      .cleanup(days, given.signal)
      .then(answer => {
        setFound(answer);
        setChosen(harmless(answer.items));
        setError(null);
        setIsLooking(false);
      })
      .catch(reason => {
        if (!given.signal.aborted) {
          setError(asEnvlinkError(reason));
          setIsLooking(false);
        }
      });
    return () => given.abort();
  }, [days, looks]);

  React.useEffect(() => {
    const onJob = (sender: IEnvlinkModel, change: IJobChange) => {
      if (hasEnded(change.job) && change.before !== change.job.status) {
        look();
      }
    };
    model.jobChanged.connect(onJob);
    return () => void model.jobChanged.disconnect(onJob);
  }, [model]);

  const choose = (ids: readonly string[], on: boolean) =>
    setChosen(before => {
      const after = new Set(before);
      ids.forEach(id => (on ? after.add(id) : after.delete(id)));
      return after;
    });

  const free = async () => {
    setIsAtWork(true);
    try {
      const begun = await model.cleanUp([...chosen], days);
      setKept(begun.kept);
      setError(null);
    } catch (reason) {
      setError(asEnvlinkError(reason));
    }
    setIsAtWork(false);
    look();
  };

  return {
    items: found?.items ?? [],
    since: found?.since ?? null,
    days,
    chosen,
    isLooking,
    isAtWork,
    error,
    kept,
    setDays,
    choose,
    look,
    free
  };
}
