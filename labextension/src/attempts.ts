import type { EnvlinkError } from './error';
import { asEnvlinkError } from './error';

import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

/**
 * What is being done with environments and jobs, each by its id, and why what was tried last with one has failed.
 */
export class Attempts {
  /** Emitted when one begins, ends or is forgotten. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Whether something is being done. */
  isUnderWay(id: string): boolean {
    return this._underWay.has(id);
  }

  /** Why the last one failed. */
  error(id: string): EnvlinkError | null {
    return this._errors.get(id) ?? null;
  }

  /** Forget why the last one failed. */
  forget(id: string): void {
    this._errors.delete(id);
    this._changed.emit();
  }

  /** Try something; what goes wrong is kept. */
  async make(id: string, attempt: () => Promise<void>): Promise<void> {
    this._errors.delete(id);
    this._underWay.add(id);
    this._changed.emit();
    try {
      await attempt();
    } catch (reason) {
      this._errors.set(id, asEnvlinkError(reason));
    }
    this._underWay.delete(id);
    this._changed.emit();
  }

  private _changed = new Signal<this, void>(this);
  private _errors = new Map<string, EnvlinkError>();
  private _underWay = new Set<string>();
}
