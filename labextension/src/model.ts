import type { EnvlinkApi } from './api';
import { EnvlinkError, isJob } from './api';
import { LogFollower } from './logs';
import { Refresher } from './refresher';
import type { Envlink, IEnvlinkModel } from './tokens';

import type { Event, KernelSpec } from '@jupyterlab/services';
import { VDomModel } from '@jupyterlab/ui-components';

import { Poll } from '@lumino/polling';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

const EVENTS = 'https://jupyter-envlink.readthedocs.io/events';
/** The schema of "environments changed". */
export const ENVIRONMENTS_SCHEMA = `${EVENTS}/environments/v1`;
/** The schema of "a job moved on". */
export const JOB_SCHEMA = `${EVENTS}/job/v1`;

/** Milliseconds between two looks at running jobs, for events that were lost with their socket. */
const SAFETY_INTERVAL = 5000;

/** How often the page asks again for kernel specs that a finished job has promised. */
const SPEC_TRIES = 20;

const ENDED: readonly Envlink.Status[] = [
  'succeeded',
  'failed',
  'cancelled',
  'interrupted'
];

/** Whether nothing more will happen in a job. */
export function hasEnded(job: { status: Envlink.Status }): boolean {
  return ENDED.includes(job.status);
}

/**
 * The page's copy of what the server knows, kept up to date by the server's events.
 */
export class EnvlinkModel extends VDomModel implements IEnvlinkModel {
  constructor(options: EnvlinkModel.IOptions) {
    super();
    this._api = options.api;
    this._specs = options.kernelspecs;
    this._logs = new LogFollower(options.api);
    this._logs.changed.connect(this._onLogs, this);
    this._events = options.events;
    this._events.connect(this._onEvent, this);
    this._environmentsRefresher = new Refresher(() => this._readEnvironments());
    this._jobsRefresher = new Refresher(() => this._readJobs());
    this._specsRefresher = new Refresher(() => this._specs.refreshSpecs());
    this._safety = new Poll({
      auto: false,
      factory: () => this._jobsRefresher.run(),
      frequency: { interval: SAFETY_INTERVAL, backoff: false },
      name: 'jupyter_envlink:running-jobs',
      standby: 'when-hidden'
    });
    this.ready = this.refresh().then(() => {
      this._isLoading = false;
      this.stateChanged.emit();
    });
  }

  readonly ready: Promise<void>;

  get environments(): readonly Envlink.IEnvironment[] {
    return this._environments;
  }

  get jobs(): readonly Envlink.IJob[] {
    return this._jobs;
  }

  get info(): Envlink.IInfo | null {
    return this._info;
  }

  get isLoading(): boolean {
    return this._isLoading;
  }

  get error(): EnvlinkError | null {
    return this._error;
  }

  get jobsError(): EnvlinkError | null {
    return this._jobsError;
  }

  get jobChanged(): ISignal<this, Envlink.IJobChange> {
    return this._jobChanged;
  }

  dispose(): void {
    if (this.isDisposed) {
      return;
    }
    this._events.disconnect(this._onEvent, this);
    this._safety.dispose();
    this._logs.dispose();
    super.dispose();
  }

  actionError(id: string): EnvlinkError | null {
    return this._actionErrors.get(id) ?? null;
  }

  isBusy(id: string): boolean {
    return this._busy.has(id);
  }

  dismissError(id: string): void {
    this._actionErrors.delete(id);
    this.stateChanged.emit();
  }

  async refresh(disk = false): Promise<void> {
    this._lookAtDisk = this._lookAtDisk || disk;
    await Promise.all([
      this._readInfo(),
      this._environmentsRefresher.run(),
      this._jobsRefresher.run()
    ]);
  }

  plan(request: Envlink.IFileRequest): Promise<Envlink.IPlan> {
    return this._api.plan(request);
  }

  async create(request: Envlink.IFileRequest): Promise<Envlink.IJob> {
    const job = await this._api.create(request);
    this._folders.set(job.id, folderOf(request.path));
    return this._started(job);
  }

  async remove(id: string, force = false): Promise<Envlink.IJob> {
    this.dismissError(id);
    return this._started(await this._api.remove(id, force));
  }

  attach(id: string): Promise<void> {
    return this._act(id, async () => {
      const answer = await this._api.attach(id);
      if (isJob(answer)) {
        this._started(answer);
      } else {
        await this._replaced(answer);
      }
    });
  }

  detach(id: string): Promise<void> {
    return this._act(id, async () =>
      this._replaced(await this._api.detach(id))
    );
  }

  cancel(jobId: string): Promise<void> {
    return this._act(jobId, async () =>
      this._setJob(await this._api.cancel(jobId))
    );
  }

  retry(jobId: string): Promise<void> {
    return this._act(jobId, async () => {
      const job = await this._api.retry(jobId);
      this._folders.set(job.id, this.folder(jobId));
      this._started(job);
    });
  }

  isFollowed(jobId: string): boolean {
    return this._logs.isFollowed(jobId);
  }

  follow(jobId: string, on: boolean): void {
    this._logs.follow(jobId, on);
  }

  log(jobId: string): readonly Envlink.ILogEntry[] {
    return this._logs.entries(jobId);
  }

  folder(jobId: string): string {
    return this._folders.get(jobId) ?? '';
  }

  async kernelOf(environmentId: string): Promise<string | null> {
    const kernel = () =>
      this._environments.find(each => each.id === environmentId)?.kernels[0]
        ?.name;
    for (let tries = 0; tries < SPEC_TRIES && !this.isDisposed; tries++) {
      const name = kernel();
      if (name && this._specs.specs?.kernelspecs[name]) {
        return name;
      }
      await this._environmentsRefresher.run();
      await this._specsRefresher.run().catch(() => undefined);
      const found = kernel();
      if (found && this._specs.specs?.kernelspecs[found]) {
        return found;
      }
      await new Promise(resolve => setTimeout(resolve, 100 * (tries + 1)));
    }
    return null;
  }

  /** Do something about an environment or a job; what goes wrong is kept beside it. */
  private async _act(id: string, action: () => Promise<void>): Promise<void> {
    this._actionErrors.delete(id);
    this._busy.add(id);
    this.stateChanged.emit();
    try {
      await action();
    } catch (reason) {
      this._actionErrors.set(id, asEnvlinkError(reason));
    }
    this._busy.delete(id);
    this.stateChanged.emit();
  }

  private async _readInfo(): Promise<void> {
    try {
      this._info = await this._api.info();
    } catch (reason) {
      // The lists fail for the same reason, and say so.
      console.warn('jupyter_envlink: no answer to "info".', reason);
    }
  }

  private async _readEnvironments(): Promise<void> {
    const disk = this._lookAtDisk;
    this._lookAtDisk = false;
    try {
      const found = await this._api.environments(disk);
      const known = new Map(this._environments.map(each => [each.id, each]));
      // An unchanged environment keeps its object: its row is not drawn again.
      this._environments = found.map(each => kept(known.get(each.id), each));
      this._error = null;
    } catch (reason) {
      this._error = asEnvlinkError(reason);
    }
    this.stateChanged.emit();
  }

  private async _readJobs(): Promise<void> {
    try {
      const before = new Map(this._jobs.map(job => [job.id, job]));
      const jobs = await this._api.jobs();
      this._jobs = jobs.map(job => kept(before.get(job.id), job));
      this._jobsError = null;
      for (const job of this._jobs.slice()) {
        const known = before.get(job.id);
        if (job !== known && (known || !hasEnded(job))) {
          this._changed(job, known?.status ?? null);
        }
      }
    } catch (reason) {
      this._jobsError = asEnvlinkError(reason);
    }
    this._watchJobs();
    this.stateChanged.emit();
  }

  private async _replaced(environment: Envlink.IEnvironment): Promise<void> {
    this._environments = this._environments.map(each =>
      each.id === environment.id ? environment : each
    );
    this.stateChanged.emit();
    await this._specsRefresher.run();
  }

  private _started(job: Envlink.IJob): Envlink.IJob {
    this._setJob(job);
    this.follow(job.id, true);
    return job;
  }

  private _setJob(job: Envlink.IJob): void {
    const known = this._jobs.find(each => each.id === job.id);
    // An answer that was on its way when the job ended must not wake it again.
    if (known && hasEnded(known) && !hasEnded(job)) {
      return;
    }
    this._jobs = known
      ? this._jobs.map(each => (each.id === job.id ? job : each))
      : [job, ...this._jobs];
    this._changed(job, known?.status ?? null);
    this._watchJobs();
    this.stateChanged.emit();
  }

  private _changed(job: Envlink.IJob, before: Envlink.Status | null): void {
    this._jobChanged.emit({ job, before });
    if (hasEnded(job) && before !== job.status) {
      void this._environmentsRefresher.run();
      void this._specsRefresher.run().catch(() => undefined);
      if (job.status === 'succeeded' && job.operation !== 'remove') {
        void this.kernelOf(job.environment_id);
      }
    }
  }

  private _watchJobs(): void {
    if (this.isDisposed) {
      return;
    }
    const running = this._jobs.some(job => !hasEnded(job));
    void (running ? this._safety.start() : this._safety.stop());
  }

  private _onLogs(): void {
    this.stateChanged.emit();
  }

  private _onEvent(sender: Event.IManager, emission: Event.Emission): void {
    if (emission.schema_id === ENVIRONMENTS_SCHEMA) {
      void this._environmentsRefresher.run();
      if (emission['kernels_changed']) {
        void this._specsRefresher.run().catch(() => undefined);
      }
    } else if (emission.schema_id === JOB_SCHEMA) {
      void this._onJobEvent(emission as unknown as EnvlinkModel.IJobEvent);
    }
  }

  /** Show at once what the event says; ask for the rest where it is a new job or has ended. */
  private async _onJobEvent(event: EnvlinkModel.IJobEvent): Promise<void> {
    const { id, status, phase, percent } = event;
    const known = this._jobs.find(job => job.id === id);
    if (known && !hasEnded(event)) {
      this._setJob({ ...known, status, phase, percent });
      return;
    }
    try {
      this._setJob(await this._api.job(id));
    } catch (reason) {
      this._jobsError = asEnvlinkError(reason);
      this.stateChanged.emit();
    }
  }

  private _actionErrors = new Map<string, EnvlinkError>();
  private _api: EnvlinkApi;
  private _busy = new Set<string>();
  private _environments: Envlink.IEnvironment[] = [];
  private _environmentsRefresher: Refresher;
  private _error: EnvlinkError | null = null;
  private _events: EnvlinkModel.IEvents;
  private _folders = new Map<string, string>();
  private _info: Envlink.IInfo | null = null;
  private _isLoading = true;
  private _jobChanged = new Signal<this, Envlink.IJobChange>(this);
  private _jobs: Envlink.IJob[] = [];
  private _jobsError: EnvlinkError | null = null;
  private _jobsRefresher: Refresher;
  private _logs: LogFollower;
  private _lookAtDisk = false;
  private _safety: Poll;
  private _specs: KernelSpec.IManager;
  private _specsRefresher: Refresher;
}

/** What an `EnvlinkModel` is made from. */
export namespace EnvlinkModel {
  /** The server's events, as `app.serviceManager.events.stream` gives them. */
  export type IEvents = ISignal<Event.IManager, Event.Emission>;

  /** The options of a model. */
  export interface IOptions {
    api: EnvlinkApi;
    events: IEvents;
    kernelspecs: KernelSpec.IManager;
  }

  /** The event "a job moved on". */
  export interface IJobEvent {
    id: string;
    status: Envlink.Status;
    phase: Envlink.Phase | null;
    percent: number | null;
  }
}

function asEnvlinkError(reason: unknown): EnvlinkError {
  if (reason instanceof EnvlinkError) {
    return reason;
  }
  const message = reason instanceof Error ? reason.message : String(reason);
  return new EnvlinkError({ code: 'error', message, remedy: '', details: {} });
}

function kept<T extends object>(known: T | undefined, now: T): T {
  return known && JSON.stringify(known) === JSON.stringify(now) ? known : now;
}

function folderOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
}
