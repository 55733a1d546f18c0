import type { IJob } from './jobs';

/** What a leftover is. */
export type LeftoverKind =
  | 'environment'
  | 'removed'
  | 'generation'
  | 'package'
  | 'job'
  | 'spec'
  | 'activation'
  | 'unfinished';

/** Something on the disk that may go. */
export interface ILeftover {
  id: string;
  kind: LeftoverKind;
  path: string;
  /** Why it may go. */
  reason: string;
  /** Of the environment that it is or was of, or of the package. */
  name: string | null;
  /** Where that environment is or was. */
  prefix: string | null;
  used: string | null;
  /** What its removal frees. */
  bytes: number | null;
  /** It can be brought back for a while, and needs its room so long. */
  undoable: boolean;
}

/** All that may go. */
export interface ICleanup {
  items: ILeftover[];
  bytes: number;
  days: number;
  /** Since when uses are recorded. */
  since: string | null;
}

/** What is gone, what could not go, and the job that deletes the rest. */
export interface ICleanupStarted {
  removed: ILeftover[];
  kept: ILeftover[];
  job: IJob | null;
}
