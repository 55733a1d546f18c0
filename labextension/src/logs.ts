import type { EnvlinkApi } from './api';
import type { Envlink } from './tokens';

import type { IDisposable } from '@lumino/disposable';
import { Poll } from '@lumino/polling';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

/** Lines kept of one job; the server keeps them all. */
const MAX_ENTRIES = 5000;

/** Milliseconds between two looks at the logs that somebody reads. */
const INTERVAL = 700;

interface IFollowed {
  entries: Envlink.ILogEntry[];
  offset: number;
  finished: boolean;
  on: boolean;
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

  /** Start or stop following; what was read stays. */
  follow(id: string, on: boolean): void {
    const log = this._logs.get(id);
    if (log) {
      log.on = on;
    } else {
      this._logs.set(id, { entries: [], offset: 0, finished: false, on });
    }
    this._changed.emit();
    if (on) {
      void this._poll.start().then(() => this._poll.refresh());
    }
  }

  private _open(): [string, IFollowed][] {
    return [...this._logs].filter(([, log]) => log.on && !log.finished);
  }

  private async _fetchAll(): Promise<void> {
    await Promise.all(this._open().map(([id, log]) => this._fetch(id, log)));
    if (!this._open().length && !this.isDisposed) {
      void this._poll.stop();
    }
  }

  private async _fetch(id: string, log: IFollowed): Promise<void> {
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
    if (moved) {
      await this._fetch(id, log);
    }
  }

  private _changed = new Signal<this, void>(this);
  private _logs = new Map<string, IFollowed>();
  private _poll: Poll;
}
