/**
 * Runs one piece of work at a time. A call that comes while it runs makes it run once more afterwards,
 * so that what changed meanwhile is never missed, however many calls there were.
 *
 * Needed for kernel specs above all: `KernelSpecManager.refreshSpecs()` drops a call made during another one.
 */
export class Refresher {
  constructor(private _work: () => Promise<void>) {}

  /** Resolves when the work has run with everything that was true at the time of the call. */
  run(): Promise<void> {
    this._dirty = true;
    if (this._running === null) {
      this._running = this._loop().finally(() => {
        this._running = null;
      });
    }
    return this._running;
  }

  private async _loop(): Promise<void> {
    while (this._dirty) {
      this._dirty = false;
      await this._work();
    }
  }

  private _dirty = false;
  private _running: Promise<void> | null = null;
}
