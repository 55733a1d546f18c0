import type { IBeginning } from './beginning';

import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

/** What a person wants of a file or a text, beside what that says. */
export class Wish {
  constructor(private _now: IBeginning) {}

  /** Emitted when something else is wanted. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get now(): Readonly<IBeginning> {
    return this._now;
  }

  set(part: Partial<IBeginning>): void {
    this._now = { ...this._now, ...part };
    this._changed.emit();
  }

  private _changed = new Signal<this, void>(this);
}
