import type { EnvlinkApi } from './api';
import type { EnvlinkError } from './error';
import { asEnvlinkError } from './error';
import type { Envlink } from './tokens';

import type { IDisposable } from '@lumino/disposable';
import { DisposableDelegate } from '@lumino/disposable';
import { Poll } from '@lumino/polling';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

/** Lines kept of one job; the server keeps them all. */
const MAX_ENTRIES = 200_000;

/** Milliseconds between two looks at the logs that somebody reads. */
const INTERVAL = 700;

interface IFollowed {
  entries: Envlink.ILogEntry[];
  offset: number;
  finished: boolean;
  /** Whether the panel shows it. */
  on: boolean;
  /** How many others read it. */
  readers: number;
  error: EnvlinkError | null;
}

/**
 * The logs of jobs that somebody reads now, fetched by offset until the job has ended.
 */
export class LogFollower implements IDisposable {
  constructor(private _api: EnvlinkApi) {
    this._poll = new Poll({
      auto: false,
      factory: () => this._fetchAll(),
      frequency: { interval: INTERVAL, backoff: true, max: 10 * INTERVAL },
      name: 'jupyter_envlink:logs',
      standby: () => (this._open().length ? 'when-hidden' : true)
    });
  }

  /** Emitted when a log has grown, or is followed or not any more. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._poll.isDisposed;
  }

  dispose(): void {
    this._poll.dispose();
    Signal.clearData(this);
  }

  isFollowed(id: string): boolean {
    return this._logs.get(id)?.on ?? false;
  }

  entries(id: string): readonly Envlink.ILogEntry[] {
    return this._logs.get(id)?.entries ?? [];
  }

  /** Why it could not be read when that was tried last. */
  error(id: string): EnvlinkError | null {
    return this._logs.get(id)?.error ?? null;
  }

  /** Start or stop following; what was read stays. */
  follow(id: string, on: boolean): void {
    this._log(id).on = on;
    this._changed.emit();
    if (on) {
      this._begin();
    }
  }

  /** Read it, whether or not the panel shows it, until this is disposed. */
  read(id: string): IDisposable {
    const log = this._log(id);
    log.readers += 1;
    this._begin();
    return new DisposableDelegate(() => {
      log.readers -= 1;
    });
  }

  private _log(id: string): IFollowed {
    const known = this._logs.get(id);
    const log: IFollowed = known ?? {
      entries: [],
      offset: 0,
      finished: false,
      on: false,
      readers: 0,
      error: null
    };
    this._logs.set(id, log);
    return log;
  }

  private _begin(): void {
    void this._poll.start().then(() => this._poll.refresh());
  }

  private _open(): [string, IFollowed][] {
    return [...this._logs].filter(
      ([, log]) => (log.on || log.readers > 0) && !log.finished
    );
  }

  private async _fetchAll(): Promise<void> {
    await Promise.all(this._open().map(([id, log]) => this._fetch(id, log)));
    if (!this._open().length && !this.isDisposed) {
      void this._poll.stop();
    }
  }

  private async _fetch(id: string, log: IFollowed): Promise<void> {
    try {
      while (await this._fetchPart(id, log)) {
        // There may be more.
      }
      this._tell(log, null);
    } catch (reason) {
      const error = asEnvlinkError(reason);
      // Of what is gone nothing more can come.
      log.finished = error.status === 404;
      this._tell(log, error);
      throw reason;
    }
  }

  private _tell(log: IFollowed, error: EnvlinkError | null): void {
    if (log.error !== error) {
      log.error = error;
      this._changed.emit();
    }
  }

  /** Whether anything came. */
  private async _fetchPart(id: string, log: IFollowed): Promise<boolean> {
    const answer = await this._api.log(id, log.offset);
    const moved = answer.next_offset > log.offset;
    log.offset = answer.next_offset;
    // `finished` is said with the last entries, or after them: only an answer that brings nothing ends it.
    log.finished = answer.finished && !moved;
    const said = answer.entries.filter(entry => entry.kind !== 'progress');
    if (said.length) {
      log.entries = log.entries.concat(said).slice(-MAX_ENTRIES);
      this._changed.emit();
    }
    return moved && !this.isDisposed;
  }

  private _changed = new Signal<this, void>(this);
  private _logs = new Map<string, IFollowed>();
  private _poll: Poll;
}
