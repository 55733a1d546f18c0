import { ENVIRONMENTS_SCHEMA } from './event-schemas';
import { Refresher } from './refresher';
import type { IKernels } from './tokens';

import type { Event, KernelSpec } from '@jupyterlab/services';

import type { ISignal } from '@lumino/signaling';

/** How often the page asks again for kernel specs that the server has promised. */
const TRIES = 20;

/**
 * The page's list of kernel specs, which launcher and kernel menu show.
 */
export class Kernels implements IKernels {
  constructor(private _manager: KernelSpec.IManager) {
    this._refresher = new Refresher(() => this._manager.refreshSpecs());
  }

  /** Ask for the list again each time the server says that it has another. */
  follow(events: ISignal<Event.IManager, Event.Emission>): void {
    events.connect((_, emission) => {
      if (
        emission.schema_id === ENVIRONMENTS_SCHEMA &&
        emission['kernels_changed']
      ) {
        void this.refresh();
      }
    });
  }

  /** Ask for the list again. What goes wrong is mended by the manager's own next poll. */
  refresh(): Promise<void> {
    return this._refresher.run().catch(() => undefined);
  }

  /**
   * Wait until the list has the kernel that is asked for; its name, or `null` where none comes.
   *
   * @param wanted - its name, as far as it is known now
   * @param again - finds out more about it; resolves to false where that has no sense any more
   */
  async wait(
    wanted: () => string | undefined,
    again: () => Promise<boolean>
  ): Promise<string | null> {
    for (let tries = 0; ; tries++) {
      const name = wanted();
      if (name && this._manager.specs?.kernelspecs[name]) {
        return name;
      }
      // At once, then after ever longer pauses.
      await new Promise(resolve => setTimeout(resolve, 100 * tries));
      if (tries === TRIES || !(await again())) {
        return null;
      }
      await this.refresh();
    }
  }

  private _refresher: Refresher;
}
