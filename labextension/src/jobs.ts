import type { EnvlinkApi } from './api';
import type { EnvlinkError } from './error';
import { asEnvlinkError } from './error';
import { kept } from './kept';
import { Refresher } from './refresher';
import type { Envlink, IJobChange } from './tokens';

import type { IDisposable } from '@lumino/disposable';
import { Poll } from '@lumino/polling';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

/** Milliseconds between two looks at running jobs, for events that were lost with their socket. */
const SAFETY_INTERVAL = 5000;

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

/** Whether there is a kernel to be had once a job has succeeded. */
export function bringsKernel({ operation }: Envlink.IJob): boolean {
  return !['remove', 'pack', 'clean'].includes(operation);
}

/** The event "a job moved on". */
export interface IJobEvent {
  id: string;
  status: Envlink.Status;
  phase: Envlink.Phase | null;
  percent: number | null;
  bytes?: Envlink.IJob['bytes'];
  message?: string;
}

/** The event that says that a job runs comes as it starts. */
function startOf({ status }: IJobEvent): string | null {
  return status === 'running' ? new Date().toISOString() : null;
}

/**
 * The jobs of the server, as far as this page has heard of them.
 */
export class Jobs implements IDisposable {
  constructor(private _api: EnvlinkApi) {
    this._refresher = new Refresher(() => this._read());
    this._safety = new Poll({
      auto: false,
      factory: () => this._refresher.run(),
      frequency: { interval: SAFETY_INTERVAL, backoff: false },
      name: 'jupyter_envlink:running-jobs',
      standby: 'when-hidden'
    });
  }

  /** Emitted when the list, a job or the error differs. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Emitted when a job starts, moves on or ends. */
  get jobChanged(): ISignal<this, IJobChange> {
    return this._jobChanged;
  }

  /** The newest first. */
  get all(): readonly Envlink.IJob[] {
    return this._all;
  }

  /** Why they could not be read. */
  get error(): EnvlinkError | null {
    return this._error;
  }

  get isDisposed(): boolean {
    return this._safety.isDisposed;
  }

  dispose(): void {
    this._safety.dispose();
    Signal.clearData(this);
  }

  refresh(): Promise<void> {
    return this._refresher.run();
  }

  /** Take over what the server has answered about one job. */
  set(job: Envlink.IJob): void {
    const known = this._all.find(each => each.id === job.id);
    // An answer that was on its way when the job ended must not wake it again.
    if (known && hasEnded(known) && !hasEnded(job)) {
      return;
    }
    this._all = known
      ? this._all.map(each => (each.id === job.id ? job : each))
      : [job, ...this._all];
    this._jobChanged.emit({ job, before: known?.status ?? null });
    this._settle();
  }

  /** Take over at once what an event says; ask for the rest where it is a new job or has ended. */
  async hear(event: IJobEvent): Promise<void> {
    const { id, status, phase, percent, bytes } = event;
    const known = this._all.find(job => job.id === id);
    if (known && !hasEnded(event)) {
      const message = event.message || known.message;
      const now = { status, phase, percent, message, bytes: bytes ?? null };
      const started = known.started ?? startOf(event);
      this.set({ ...known, ...now, started });
      return;
    }
    try {
      this.set(await this._api.job(id));
    } catch (reason) {
      this._error = asEnvlinkError(reason);
      this._changed.emit();
    }
  }

  private async _read(): Promise<void> {
    try {
      const before = new Map(this._all.map(job => [job.id, job]));
      const jobs = await this._api.jobs();
      this._all = jobs.map(job => kept(before.get(job.id), job));
      this._error = null;
      for (const job of this._all.slice()) {
        const known = before.get(job.id);
        if (job !== known && (known || !hasEnded(job))) {
          this._jobChanged.emit({ job, before: known?.status ?? null });
        }
      }
    } catch (reason) {
      this._error = asEnvlinkError(reason);
    }
    this._settle();
  }

  private _settle(): void {
    if (this.isDisposed) {
      return;
    }
    const running = this._all.some(job => !hasEnded(job));
    void (running ? this._safety.start() : this._safety.stop());
    this._changed.emit();
  }

  private _all: Envlink.IJob[] = [];
  private _changed = new Signal<this, void>(this);
  private _error: EnvlinkError | null = null;
  private _jobChanged = new Signal<this, IJobChange>(this);
  private _refresher: Refresher;
  private _safety: Poll;
}
