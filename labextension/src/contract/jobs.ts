import type { IErrorBody } from './environments';

/** The file that a job makes an environment of. */
export interface IJobFile {
  path: string | null;
  text: string;
}

/** What a job does. */
export type Operation =
  'create' | 'remove' | 'restore' | 'install-kernel' | 'overlay' | 'pack';

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
  | 'reading'
  | 'packing';

/** One operation's durable record. */
export interface IJob {
  id: string;
  operation: Operation;
  status: Status;
  name: string;
  prefix: string;
  environment_id: string;
  phase: Phase | null;
  /** Of the whole job, 0 to 100. */
  percent: number | null;
  /** Of a download that is going on; what lies in a cache is not counted. */
  bytes: { done: number; total: number } | null;
  message: string;
  created: string;
  started: string | null;
  finished: string | null;
  error: IErrorBody | null;
  result: {
    environment_id: string;
    prefix: string;
    name: string;
    /** Of a removal: until when it can be undone; null where it cannot. */
    undo_until?: string | null;
    /** The archive that was written. */
    path?: string;
    bytes?: number;
  } | null;
}

/** A removed environment that can be brought back. */
export interface IRemoved {
  /** The id of the job that removed it. */
  job: string;
  environment_id: string;
  name: string;
  prefix: string;
  removed: string;
  until: string;
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
