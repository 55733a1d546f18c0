import type { EnvlinkError } from './error';
import type { Envlink } from './contract';

import type { VDomRenderer } from '@jupyterlab/ui-components';

import { Token } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';

export type { Envlink } from './contract';

/** A job has started, moved on or ended. */
export interface IJobChange {
  job: Envlink.IJob;
  /** The status before, `null` for a job that this page had not seen. */
  before: Envlink.Status | null;
}

/**
 * The environments and jobs of the server, and what can be done with them.
 *
 * Its methods never reject: what went wrong is state (`error`, `jobsError`, `actionError`), which the panel shows.
 */
export interface IEnvlinkModel extends VDomRenderer.IModel, IDisposable {
  /** Every environment found, in the server's order. */
  readonly environments: readonly Envlink.IEnvironment[];
  /** Folders of environments that do not answer. */
  readonly stale: readonly Envlink.IStale[];
  /** Jobs, the newest first. */
  readonly jobs: readonly Envlink.IJob[];
  /** What was removed and can come back, the last first. */
  readonly removed: readonly Envlink.IRemoved[];
  /** What the server can do; `null` until it has answered. */
  readonly info: Envlink.IInfo | null;
  /** Whether the first list is still on its way. */
  readonly isLoading: boolean;
  /** Why the list of environments could not be read. */
  readonly error: EnvlinkError | null;
  /** When the list of environments was read last, in milliseconds; `null` where it never was. */
  readonly readAt: number | null;
  /** Emitted when the list of environments was read, or one of them is otherwise. */
  readonly environmentsChanged: ISignal<IEnvlinkModel, void>;
  /** Why the list of jobs could not be read. */
  readonly jobsError: EnvlinkError | null;
  /** Why what was removed could not be read. */
  readonly removedError: EnvlinkError | null;
  /** Emitted when a job starts, moves on or ends. */
  readonly jobChanged: ISignal<IEnvlinkModel, IJobChange>;
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
  /** What creating or updating from a file would do. Rejects with an `EnvlinkError`. */
  plan(
    request: Envlink.IPlanRequest,
    signal?: AbortSignal
  ): Promise<Envlink.IPlan>;
  /** The environment file at an address. Rejects with an `EnvlinkError`. */
  fetch(url: string, signal?: AbortSignal): Promise<Envlink.IFetched>;
  /** A file that lists packages. Rejects with an `EnvlinkError`. */
  compose(request: Envlink.IComposeRequest): Promise<Envlink.IText>;
  /** Packages whose names hold a text, of these channels, then of the configured ones. Rejects with an `EnvlinkError`. */
  packages(
    query: string,
    channels: readonly string[],
    signal?: AbortSignal
  ): Promise<Envlink.IPackages>;
  /** The versions of one package of them. Rejects with an `EnvlinkError`. */
  package(
    name: string,
    channels: readonly string[]
  ): Promise<Envlink.IPackageVersions>;
  /** What is wrong in a file. Rejects with an `EnvlinkError`. */
  check(request: Envlink.IPlanRequest): Promise<Envlink.IDiagnostic[]>;
  /** Create from a file, as a job. Rejects with an `EnvlinkError`. */
  create(request: Envlink.IFileRequest): Promise<Envlink.IJob>;
  /** Update an environment from a file, as a job. Rejects with an `EnvlinkError`. */
  update(id: string, request: Envlink.IUpdateRequest): Promise<Envlink.IJob>;
  /** Rename an environment, as a job; with `force` although kernels run in it. Rejects with an `EnvlinkError`. */
  rename(id: string, name: string, force?: boolean): Promise<Envlink.IJob>;
  /** Make a copy of an environment, as a job. Rejects with an `EnvlinkError`. */
  clone(id: string, name: string): Promise<Envlink.IJob>;
  /** An environment with all that it holds. Rejects with an `EnvlinkError`. */
  detail(id: string): Promise<Envlink.IEnvironmentDetail>;
  /** Why a package is in an environment. Rejects with an `EnvlinkError`. */
  why(id: string, name: string): Promise<Envlink.IWhy>;
  /** Where an environment's disk goes; `refresh` measures it anew. Rejects with an `EnvlinkError`. */
  disk(
    id: string,
    refresh?: boolean,
    signal?: AbortSignal
  ): Promise<Envlink.IDiskUsage>;
  /** Start a terminal in which an environment is activated; its name. Rejects with an `EnvlinkError`. */
  terminal(id: string, cwd: string): Promise<string>;
  /** How an environment was before, the newest first. Rejects with an `EnvlinkError`. */
  generations(id: string): Promise<Envlink.IGeneration[]>;
  /** What may go from the disk, environments after so many unused days. Rejects with an `EnvlinkError`. */
  cleanup(days: number, signal?: AbortSignal): Promise<Envlink.ICleanup>;
  /** Remove some of that; what takes its time, as a job. Rejects with an `EnvlinkError`. */
  cleanUp(ids: string[], days: number): Promise<Envlink.ICleanupStarted>;
  /** Who uses an environment. Rejects with an `EnvlinkError`. */
  uses(id: string): Promise<Envlink.IUses>;
  /** Bring an environment back to one of its generations, as a job. */
  rollBack(id: string, generation: number): Promise<void>;
  /** Attach an environment; where it has no kernel, a job gives it one, as `how` says. */
  attach(id: string, how?: Envlink.How): Promise<void>;
  /** Detach an environment. */
  detach(id: string): Promise<void>;
  /** Take the kernels of an environment off the menu, or put them back. */
  hide(id: string, hidden: boolean): Promise<void>;
  /** Change what a person can choose of a kernel. Rejects with an `EnvlinkError`. */
  configure(id: string, settings: Envlink.IKernelSettings): Promise<void>;
  /** The environment files near a document, or in and above a folder. Rejects with an `EnvlinkError`. */
  files(path: string): Promise<Envlink.INearby>;
  /** Why things are as they are. Rejects with an `EnvlinkError`. */
  doctor(question: Envlink.IQuestion): Promise<Envlink.IDiagnosis>;
  /** An environment as text of a format. Rejects with an `EnvlinkError`. */
  export(id: string, format: string): Promise<Envlink.IExport>;
  /** Write an environment into an archive in a folder, as a job. Rejects with an `EnvlinkError`. */
  pack(id: string, folder: string): Promise<Envlink.IJob>;
  /** Remove an environment from the disk, as a job. Rejects with an `EnvlinkError`. */
  remove(id: string, force?: boolean): Promise<Envlink.IJob>;
  /** Bring back what a job has removed, as a job. */
  restore(jobId: string): Promise<void>;
  /** Delete for good what a job has removed. */
  discard(jobId: string): Promise<void>;
  /** Cancel a job. */
  cancel(jobId: string): Promise<void>;
  /** The file that a job makes an environment of. */
  jobFile(jobId: string): Promise<Envlink.IJobFile>;
  /** Run a job's request again. */
  retry(jobId: string): Promise<void>;

  /** Whether a job's log is being followed. */
  isFollowed(jobId: string): boolean;
  /** Follow a job's log, or stop it. */
  follow(jobId: string, on: boolean): void;
  /** Read a job's log, without showing it, until this is disposed. */
  readLog(jobId: string): IDisposable;
  /** Why a job's log cannot be read just now. */
  logError(jobId: string): EnvlinkError | null;
  /** What is known of a job's log. */
  log(jobId: string): readonly Envlink.ILogEntry[];
  /** The file a job of this page came from; empty where not known. */
  source(jobId: string): string;
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

/** The page's list of kernel specs, asked for again one call at a time. */
export interface IKernels {
  /** Ask the server for the list again. Never rejects. */
  refresh(): Promise<void>;
  /**
   * Wait until the list has the kernel that is asked for; its name, or `null` where none comes.
   *
   * @param wanted - its name, as far as it is known now
   * @param again - finds out more about it; resolves to false where that has no sense any more
   */
  wait(
    wanted: () => string | undefined,
    again: () => Promise<boolean>
  ): Promise<string | null>;
}

/** The page's list of kernel specs. */
export const IKernels = new Token<IKernels>(
  'jupyter_envlink:IKernels',
  "The page's list of kernel specs, which the server's events keep up to date."
);
