import type { EnvlinkApi } from './api';
import { Attempts } from './attempts';
import { EnvironmentList } from './environment-list';
import type { EnvlinkError } from './error';
import { ENVIRONMENTS_SCHEMA, JOB_SCHEMA } from './event-schemas';
import type { IJobEvent } from './jobs';
import { bringsKernel, hasEnded, Jobs } from './jobs';
import { LogFollower } from './logs';
import { Reconnection } from './reconnection';
import { RemovedList } from './removed-list';
import type { Envlink, IJobChange, IKernels } from './tokens';

import type { Event } from '@jupyterlab/services';
import { PathExt } from '@jupyterlab/coreutils';
import { VDomModel } from '@jupyterlab/ui-components';

import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

/** Where a page learns from what the server knows. */
export interface ISources {
  api: EnvlinkApi;
  /** The server's events, as `app.serviceManager.events.stream` gives them. */
  events: ISignal<Event.IManager, Event.Emission>;
  kernels: IKernels;
  /** Emits when a request of anybody's did not get through to the server. */
  failures?: ISignal<unknown, Error>;
}

/**
 * The page's copy of what the server knows: lists, each of which reads itself, kept up to date by the server's events.
 */
export class Known extends VDomModel {
  constructor({ api, events, failures, kernels }: ISources) {
    super();
    this.kernels = kernels;
    this.environmentList = new EnvironmentList(api);
    this.jobList = new Jobs(api);
    this.removedList = new RemovedList(api);
    this._logs = new LogFollower(api);
    this.api = api;
    this._events = events;
    this._reconnection = new Reconnection(
      () => this.refresh(),
      () => this.error !== null || this.jobsError !== null
    );
    failures?.connect(this._onFailure, this);
    this._listen();
    this.ready = this.refresh().then(() => {
      this._isLoading = false;
      this.stateChanged.emit();
    });
  }

  readonly ready: Promise<void>;

  get environments(): readonly Envlink.IEnvironment[] {
    return this.environmentList.all;
  }

  get stale(): readonly Envlink.IStale[] {
    return this.environmentList.stale;
  }

  get jobs(): readonly Envlink.IJob[] {
    return this.jobList.all;
  }

  get removed(): readonly Envlink.IRemoved[] {
    return this.removedList.all;
  }

  get info(): Envlink.IInfo | null {
    return this._info;
  }

  get isLoading(): boolean {
    return this._isLoading;
  }

  get error(): EnvlinkError | null {
    return this.environmentList.error;
  }

  get readAt(): number | null {
    return this.environmentList.readAt;
  }

  get environmentsChanged(): ISignal<this, void> {
    return this._environmentsChanged;
  }

  get jobsError(): EnvlinkError | null {
    return this.jobList.error;
  }

  get removedError(): EnvlinkError | null {
    return this.removedList.error;
  }

  get jobChanged(): ISignal<this, IJobChange> {
    return this._jobChanged;
  }

  dispose(): void {
    if (this.isDisposed) {
      return;
    }
    this._events.disconnect(this._onEvent, this);
    this.jobList.dispose();
    this._logs.dispose();
    this._reconnection.dispose();
    this.removedList.dispose();
    super.dispose();
  }

  actionError(id: string): EnvlinkError | null {
    return this.attempts.error(id);
  }

  isBusy(id: string): boolean {
    return this.attempts.isUnderWay(id);
  }

  dismissError(id: string): void {
    this.attempts.forget(id);
  }

  async refresh(disk = false): Promise<void> {
    await Promise.all([
      this._readInfo(),
      this.environmentList.refresh(disk),
      this.jobList.refresh(),
      this.removedList.refresh()
    ]);
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

  readLog(jobId: string): IDisposable {
    return this._logs.read(jobId);
  }

  logError(jobId: string): EnvlinkError | null {
    return this._logs.error(jobId);
  }

  source(jobId: string): string {
    return this._sources.get(jobId) ?? '';
  }

  folder(jobId: string): string {
    return PathExt.dirname(this.source(jobId));
  }

  kernelOf(environmentId: string): Promise<string | null> {
    return this.kernels.wait(
      () => this.environmentList.find(environmentId)?.kernels[0]?.name,
      async () => {
        await this.environmentList.refresh();
        return !this.isDisposed;
      }
    );
  }

  protected readonly api: EnvlinkApi;
  protected readonly attempts = new Attempts();
  protected readonly environmentList: EnvironmentList;
  protected readonly jobList: Jobs;
  protected readonly kernels: IKernels;
  protected readonly removedList: RemovedList;

  /** Take over a job that this page has started. What was done at once needs no log that is followed. */
  protected started(job: Envlink.IJob, source = ''): Envlink.IJob {
    this._sources.set(job.id, source);
    this.jobList.set(job);
    if (!hasEnded(job)) {
      this.follow(job.id, true);
    }
    return job;
  }

  private _listen(): void {
    const changed = () => {
      this._reconnection.check();
      this.stateChanged.emit();
    };
    this.attempts.changed.connect(changed);
    this.environmentList.changed.connect(() => {
      this._tellEnvironments();
      changed();
    });
    this.jobList.changed.connect(changed);
    this.removedList.changed.connect(changed);
    this._logs.changed.connect(changed);
    this.jobList.jobChanged.connect(this._onJobChanged, this);
    this._events.connect(this._onEvent, this);
  }

  /** Tell those who only want to know when an environment is another than before. */
  private _tellEnvironments(): void {
    if (this._told !== this.environments) {
      this._told = this.environments;
      this._environmentsChanged.emit();
    }
  }

  private async _readInfo(): Promise<void> {
    try {
      this._info = await this.api.info();
    } catch (reason) {
      // The lists fail for the same reason, and say so.
      console.warn('jupyter_envlink: no answer to "info".', reason);
    }
  }

  private _onJobChanged(sender: Jobs, change: IJobChange): void {
    const { before, job } = change;
    if (hasEnded(job) && before !== job.status) {
      void this.removedList.refresh();
      void this.environmentList.refresh();
      void this.kernels.refresh();
      if (job.status === 'succeeded' && bringsKernel(job)) {
        void this.kernelOf(job.environment_id);
      }
    }
    this._jobChanged.emit(change);
  }

  /** What the server tells meanwhile is missed: to be told that it is gone is a reason to read. */
  private _onFailure(): void {
    if (!this.error && !this.jobsError) {
      void this.refresh();
    }
  }

  private _onEvent(sender: Event.IManager, emission: Event.Emission): void {
    if (emission.schema_id === ENVIRONMENTS_SCHEMA) {
      void this.environmentList.refresh();
    } else if (emission.schema_id === JOB_SCHEMA) {
      void this.jobList.hear(emission as unknown as IJobEvent);
    }
  }

  private _environmentsChanged = new Signal<this, void>(this);
  private _events: ISources['events'];
  private _info: Envlink.IInfo | null = null;
  private _isLoading = true;
  private _jobChanged = new Signal<this, IJobChange>(this);
  private _logs: LogFollower;
  private _reconnection: Reconnection;
  private _told: readonly Envlink.IEnvironment[] = [];
  private _sources = new Map<string, string>();
}
