import type { EnvlinkApi } from './api';
import type { EnvlinkError } from './api';
import { asEnvlinkError, isJob } from './api';
import type { IJobEvent } from './jobs';
import { bringsKernel, hasEnded, Jobs } from './jobs';
import { kept } from './kept';
import { LogFollower } from './logs';
import { Kernels } from './kernels';
import { Refresher } from './refresher';
import type { Envlink, IEnvlinkModel } from './tokens';

import type { Event, KernelSpec } from '@jupyterlab/services';
import { VDomModel } from '@jupyterlab/ui-components';

import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

const EVENTS = 'https://jupyter-envlink.readthedocs.io/events';
/** The schema of "environments changed". */
export const ENVIRONMENTS_SCHEMA = `${EVENTS}/environments/v1`;
/** The schema of "a job moved on". */
export const JOB_SCHEMA = `${EVENTS}/job/v1`;

/**
 * The page's copy of what the server knows, kept up to date by the server's events.
 */
export class EnvlinkModel extends VDomModel implements IEnvlinkModel {
  constructor(options: EnvlinkModel.IOptions) {
    super();
    this._api = options.api;
    this._kernels = new Kernels(options.kernelspecs);
    this._logs = new LogFollower(options.api);
    this._logs.changed.connect(this._onChanged, this);
    this._events = options.events;
    this._events.connect(this._onEvent, this);
    this._environmentsRefresher = new Refresher(() => this._readEnvironments());
    this._jobs = new Jobs(options.api);
    this._jobs.changed.connect(this._onChanged, this);
    this._jobs.jobChanged.connect(this._onJobChanged, this);
    this.ready = this.refresh().then(() => {
      this._isLoading = false;
      this.stateChanged.emit();
    });
  }

  readonly ready: Promise<void>;

  get environments(): readonly Envlink.IEnvironment[] {
    return this._environments;
  }

  get stale(): readonly Envlink.IStale[] {
    return this._stale;
  }

  get jobs(): readonly Envlink.IJob[] {
    return this._jobs.all;
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
    return this._jobs.error;
  }

  get jobChanged(): ISignal<this, Envlink.IJobChange> {
    return this._jobChanged;
  }

  dispose(): void {
    if (this.isDisposed) {
      return;
    }
    this._events.disconnect(this._onEvent, this);
    this._jobs.dispose();
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
      this._jobs.refresh()
    ]);
  }

  plan(
    request: Envlink.IFileRequest,
    signal?: AbortSignal
  ): Promise<Envlink.IPlan> {
    return this._api.plan(request, signal);
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

  attach(id: string, how?: Envlink.How): Promise<void> {
    return this._act(id, async () => {
      const answer = await this._api.attach(id, how);
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

  hide(id: string, hidden: boolean): Promise<void> {
    return this._act(id, () => this.configure(id, { hidden }));
  }

  async configure(
    id: string,
    settings: Envlink.IKernelSettings
  ): Promise<void> {
    await this._replaced(await this._api.configure(id, settings));
  }

  doctor(question: Envlink.IQuestion): Promise<Envlink.IDiagnosis> {
    return this._api.doctor(question);
  }

  export(id: string, format: string): Promise<Envlink.IExport> {
    return this._api.export(id, format);
  }

  async pack(id: string, folder: string): Promise<Envlink.IJob> {
    return this._started(await this._api.pack(id, folder));
  }

  cancel(jobId: string): Promise<void> {
    return this._act(jobId, async () =>
      this._jobs.set(await this._api.cancel(jobId))
    );
  }

  jobFile(jobId: string): Promise<Envlink.IJobFile> {
    return this._api.jobFile(jobId);
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

  kernelOf(environmentId: string): Promise<string | null> {
    return this._kernels.wait(
      () =>
        this._environments.find(each => each.id === environmentId)?.kernels[0]
          ?.name,
      async () => {
        await this._environmentsRefresher.run();
        return !this.isDisposed;
      }
    );
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
      const { environments, stale } = await this._api.environments(disk);
      const known = new Map(this._environments.map(each => [each.id, each]));
      // An unchanged environment keeps its object: its row is not drawn again.
      this._environments = environments.map(each =>
        kept(known.get(each.id), each)
      );
      this._stale = stale;
      this._error = null;
    } catch (reason) {
      this._error = asEnvlinkError(reason);
    }
    this.stateChanged.emit();
  }

  private async _replaced(environment: Envlink.IEnvironment): Promise<void> {
    this._environments = this._environments.map(each =>
      each.id === environment.id ? environment : each
    );
    this.stateChanged.emit();
    await this._kernels.refresh();
  }

  private _started(job: Envlink.IJob): Envlink.IJob {
    this._jobs.set(job);
    this.follow(job.id, true);
    return job;
  }

  private _onJobChanged(sender: Jobs, change: Envlink.IJobChange): void {
    const { before, job } = change;
    this._jobChanged.emit(change);
    if (hasEnded(job) && before !== job.status) {
      void this._environmentsRefresher.run();
      void this._kernels.refresh();
      if (job.status === 'succeeded' && bringsKernel(job)) {
        void this.kernelOf(job.environment_id);
      }
    }
  }

  private _onChanged(): void {
    this.stateChanged.emit();
  }

  private _onEvent(sender: Event.IManager, emission: Event.Emission): void {
    if (emission.schema_id === ENVIRONMENTS_SCHEMA) {
      void this._environmentsRefresher.run();
      if (emission['kernels_changed']) {
        void this._kernels.refresh();
      }
    } else if (emission.schema_id === JOB_SCHEMA) {
      void this._jobs.hear(emission as unknown as IJobEvent);
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
  private _jobs: Jobs;
  private _logs: LogFollower;
  private _kernels: Kernels;
  private _lookAtDisk = false;
  private _stale: readonly Envlink.IStale[] = [];
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
}

function folderOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
}
