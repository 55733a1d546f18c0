import type { IDisposable } from '@lumino/disposable';
import { Poll } from '@lumino/polling';

/** Milliseconds between two tries, at first and at most. */
const INTERVAL = 2000;
const LONGEST = 30000;

/**
 * Reads again, ever more seldom, for as long as what was read last is an error: a server that was stopped, or that this
 * page has to log in to again, is back without anybody pressing a button.
 */
export class Reconnection implements IDisposable {
  /** `read` resolves whether or not it succeeds; `isLost` says afterwards which. */
  constructor(
    private _read: () => Promise<void>,
    private _isLost: () => boolean
  ) {
    this._poll = new Poll({
      auto: false,
      factory: () => this._try(),
      frequency: { interval: INTERVAL, backoff: true, max: LONGEST },
      name: 'jupyter_envlink:reconnection',
      standby: 'when-hidden'
    });
  }

  get isDisposed(): boolean {
    return this._poll.isDisposed;
  }

  dispose(): void {
    this._poll.dispose();
  }

  /** Begin where there is an error; nothing is done where it has begun already. */
  check(): void {
    if (this._isLost() && !this._isTrying && !this.isDisposed) {
      this._isTrying = true;
      void this._poll.schedule({ interval: INTERVAL, phase: 'started' });
    }
  }

  private async _try(): Promise<void> {
    await this._read();
    if (this._isLost()) {
      throw new Error('The server is not back yet.');
    }
    this._isTrying = false;
    void this._poll.stop();
  }

  private _isTrying = false;
  private _poll: Poll;
}
