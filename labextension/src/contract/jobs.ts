import type { IErrorBody } from './environments';

/** The file that a job makes an environment of. */
export interface IJobFile {
  path: string | null;
  text: string;
}

/** What a job does. */
export type Operation =
  | 'create'
  | 'update'
  | 'remove'
  | 'restore'
  | 'clone'
  | 'rename'
  | 'roll-back'
  | 'install-kernel'
  | 'overlay'
  | 'pack'
  | 'clean';

/** How far a job is. */
export type Status =
  | 'queued'
  | 'running'
  | 'cancelling'
  | 'succeeded'
  | 'failed'
  | 'cancelled'
  | 'interrupted';

/** What a job is doing now. */
export type Phase =
  | 'solving'
  | 'downloading'
  | 'installing'
  | 'pip'
  | 'verifying'
  | 'copying'
  | 'moving'
  | 'reading'
  | 'packing'
  | 'unpacking'
  | 'deleting';

/** One operation's durable record. */
export interface IJob {
  id: string;
  operation: Operation;
  status: Status;
  name: string;
  prefix: string;
  environment_id: string;
  /** Those that it goes through, in their order; none of what is one step. */
  phases: Phase[];
  /** Of a clone or a rename: the environment that it was made of. */
  source_id: string | null;
  phase: Phase | null;
  /** Of the whole job, 0 to 100. */
  percent: number | null;
  /** Of a download that is going on; what lies in a cache is not counted. */
  bytes: { done: number; total: number } | null;
  /** The last thing said: while packages come, which one. */
  message: string;
  created: string;
  started: string | null;
  finished: string | null;
  error: IErrorBody | null;
  result: {
    environment_id: string;
    prefix: string;
    name: string;
    /** Of an update: false where nothing was to be changed. */
    changed?: boolean;
    /** The archive that was written. */
    path?: string;
    bytes?: number;
    /** Until then what was removed can come back. */
    undo_until?: string | null;
  } | null;
}

/** One thing a job has said. */
export interface ILogEntry {
  time: string;
  kind: 'phase' | 'progress' | 'line' | 'error';
  text: string;
  phase?: Phase | null;
  percent?: number | null;
}

/** What a job has said since a byte offset. */
export interface ILog {
  entries: ILogEntry[];
  next_offset: number;
  finished: boolean;
}

/** A job's change, as `IEnvlinkModel.jobChanged` tells it. */
export interface IJobChange {
  job: IJob;
  /** The status before, `null` for a job that this page had not seen. */
  before: Status | null;
}
