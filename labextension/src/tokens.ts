import type { EnvlinkError } from './api';

import type { VDomRenderer } from '@jupyterlab/ui-components';

import { Token } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';

/**
 * What the server's API speaks; `openapi.yaml` of the server is the contract.
 */
export namespace Envlink {
  /** Why something is not ready: a stable code, a sentence, what to do. */
  export interface IProblem {
    code: string;
    message: string;
    remedy: string;
  }

  /** An error as the server writes it. */
  export interface IErrorBody extends IProblem {
    details: { [key: string]: unknown };
  }

  /** One kernel of an environment, under the name Jupyter has for it. */
  export interface IKernel {
    name: string;
    display_name: string;
    language: string;
  }

  /** A kernel of this server that runs in an environment now. */
  export interface IRunningKernel {
    id: string;
    name: string;
    /** The notebook it belongs to. */
    path: string | null;
  }

  /** What can be done with an environment now. */
  export type State =
    'ready' | 'no-kernel' | 'broken' | 'building' | 'incomplete';

  /** A prefix on the server's disk. `null` means not known, never no. */
  export interface IEnvironment {
    id: string;
    name: string;
    prefix: string;
    kind: string;
    state: State;
    problem: IProblem | null;
    registration_problem: IProblem | null;
    language: string | null;
    python_version: string | null;
    is_base: boolean;
    /** The server itself runs in it. */
    is_server: boolean;
    writable: boolean | null;
    /** Its kernels are offered in the menu. */
    attached: boolean;
    registered: boolean;
    kernels: IKernel[];
    running: IRunningKernel[];
    /** Why it cannot be removed here; `null` when it can. */
    not_removable: string | null;
  }

  /** A package of a solution. */
  export interface IPackage {
    name: string;
    version: string;
    build: string;
    channel: string | null;
    size: number | null;
  }

  /** Something to say about a place in a file; lines and columns count from 1. */
  export interface IDiagnostic {
    code: string;
    severity: 'error' | 'warning' | 'info';
    line: number | null;
    column: number | null;
    end_line: number | null;
    end_column: number | null;
    message: string;
    hint: string | null;
    fix: string | null;
  }

  /** A file by its path in the contents API, with the name wanted for it. */
  export interface IFileRequest {
    path: string;
    name?: string;
    solve?: boolean;
  }

  /** What creating an environment from a file would do. */
  export interface IPlan {
    name: string;
    prefix: string | null;
    name_problem: IErrorBody | null;
    channels: string[];
    conda: string[];
    pip: string[];
    variables: { [name: string]: string };
    added: { spec: string; reason: string }[];
    notes: string[];
    diagnostics: IDiagnostic[];
    solution: { packages: IPackage[]; download_bytes: number } | null;
    conflict: IErrorBody | null;
  }

  /** What a job does. */
  export type Operation = 'create' | 'remove' | 'install-kernel';

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
    | 'moving'
    | 'removing';

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
    message: string;
    created: string;
    started: string | null;
    finished: string | null;
    error: IErrorBody | null;
    result: { environment_id: string; prefix: string; name: string } | null;
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

  /** What this server can do. */
  export interface IInfo {
    version: string;
    python: string;
    engine: string;
    envs_dir: string | null;
    envs_dirs: string[];
    kernel_spec_manager: boolean;
    registration: 'all' | 'attached' | 'none';
    read_only: boolean;
    platform: string;
  }

  /** A job's change, as `IEnvlinkModel.jobChanged` tells it. */
  export interface IJobChange {
    job: IJob;
    /** The status before, `null` for a job that this page had not seen. */
    before: Status | null;
  }
}

/**
 * The environments and jobs of the server, and what can be done with them.
 *
 * Its methods never reject: what went wrong is state (`error`, `jobsError`, `actionError`), which the panel shows.
 */
export interface IEnvlinkModel extends VDomRenderer.IModel, IDisposable {
  /** Every environment found, in the server's order. */
  readonly environments: readonly Envlink.IEnvironment[];
  /** Jobs, the newest first. */
  readonly jobs: readonly Envlink.IJob[];
  /** What the server can do; `null` until it has answered. */
  readonly info: Envlink.IInfo | null;
  /** Whether the first list is still on its way. */
  readonly isLoading: boolean;
  /** Why the list of environments could not be read. */
  readonly error: EnvlinkError | null;
  /** Why the list of jobs could not be read. */
  readonly jobsError: EnvlinkError | null;
  /** Emitted when a job starts, moves on or ends. */
  readonly jobChanged: ISignal<IEnvlinkModel, Envlink.IJobChange>;
  /** Resolves when the first lists are in, or have failed. */
  readonly ready: Promise<void>;

  /** Why the last action on an environment or a job failed. */
  actionError(id: string): EnvlinkError | null;
  /** Whether an action on an environment or a job is under way. */
  isBusy(id: string): boolean;
  /** Forget the error of the last action. */
  dismissError(id: string): void;

  /** Read the lists again; `disk` looks at the disk first. */
  refresh(disk?: boolean): Promise<void>;
  /** What creating from a file would do. Rejects with an `EnvlinkError`. */
  plan(request: Envlink.IFileRequest): Promise<Envlink.IPlan>;
  /** Create from a file, as a job. Rejects with an `EnvlinkError`. */
  create(request: Envlink.IFileRequest): Promise<Envlink.IJob>;
  /** Attach an environment; where it has no kernel, one is installed as a job. */
  attach(id: string): Promise<void>;
  /** Detach an environment. */
  detach(id: string): Promise<void>;
  /** Remove an environment from the disk, as a job. Rejects with an `EnvlinkError`. */
  remove(id: string, force?: boolean): Promise<Envlink.IJob>;
  /** Cancel a job. */
  cancel(jobId: string): Promise<void>;
  /** Run a job's request again. */
  retry(jobId: string): Promise<void>;

  /** Whether a job's log is being followed. */
  isFollowed(jobId: string): boolean;
  /** Follow a job's log, or stop it. */
  follow(jobId: string, on: boolean): void;
  /** What is known of a job's log. */
  log(jobId: string): readonly Envlink.ILogEntry[];
  /** The folder of the file a job of this page came from; empty where not known. */
  folder(jobId: string): string;
  /** Wait until a kernel of an environment is in the page's list of specs; its name, or `null` where none comes. */
  kernelOf(environmentId: string): Promise<string | null>;
}

/** The environments and jobs of the server. */
export const IEnvlinkModel = new Token<IEnvlinkModel>(
  'jupyter_envlink:IEnvlinkModel',
  'The environments and jobs of the server, and what can be done with them.'
);
