import type { EnvlinkApi } from './api';
import type { EnvlinkError } from './error';
import { asEnvlinkError } from './error';
import { Refresher } from './refresher';
import type { Envlink } from './tokens';

import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

/** The longest time, in milliseconds, that a timer of a browser can wait. */
export const LONGEST_WAIT = 2 ** 31 - 1;

/**
 * What was removed and can still come back. Read again as soon as the time of one of them is over.
 */
export class RemovedList implements IDisposable {
  constructor(private _api: EnvlinkApi) {
    this._refresher = new Refresher(() => this._read());
  }

  /** Emitted when it was read, or could not be. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** What was removed last comes first. */
  get all(): readonly Envlink.IRemoved[] {
    return this._all;
  }

  /** Why it could not be read. */
  get error(): EnvlinkError | null {
    return this._error;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    clearTimeout(this._timer);
    Signal.clearData(this);
  }

  refresh(): Promise<void> {
    return this._refresher.run();
  }

  private async _read(): Promise<void> {
    try {
      const all = await this._api.removed();
      this._all = all.sort((a, b) => b.removed.localeCompare(a.removed));
      this._error = null;
    } catch (reason) {
      this._error = asEnvlinkError(reason);
    }
    if (!this._isDisposed) {
      this._waitForTheNextEnd();
      this._changed.emit();
    }
  }

  private _waitForTheNextEnd(): void {
    clearTimeout(this._timer);
    const ends = this._all.map(each => Date.parse(each.until) - Date.now());
    const next = Math.min(...ends.filter(end => end > 0));
    if (next < LONGEST_WAIT) {
      this._timer = setTimeout(() => void this.refresh(), next + 1);
    }
  }

  private _all: readonly Envlink.IRemoved[] = [];
  private _changed = new Signal<this, void>(this);
  private _error: EnvlinkError | null = null;
  private _isDisposed = false;
  private _refresher: Refresher;
  private _timer: ReturnType<typeof setTimeout> | undefined;
}
