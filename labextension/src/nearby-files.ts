import type { EnvlinkError } from './error';
import { asEnvlinkError } from './error';
import { Refresher } from './refresher';
import type { Envlink, IEnvlinkModel } from './tokens';

import type { IDisposable } from '@lumino/disposable';
import { Debouncer } from '@lumino/polling';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

/** Milliseconds within which several reasons to look again are one. */
const SOON = 200;

const NOTHING: Envlink.INearby = { folder: '', files: [], is_whole: true };

/**
 * The environment files near what a person has open. Nothing is asked while nobody looks.
 */
export class NearbyFiles implements IDisposable {
  /**
   * @param _model - knows the server, and when an environment has changed
   * @param _place - the path of the document in front, or of the folder that is shown
   */
  constructor(
    private _model: IEnvlinkModel,
    private _place: () => string
  ) {
    this._refresher = new Refresher(() => this._read());
    this._soon = new Debouncer(() => this._refresher.run(), SOON);
    this._model.environmentsChanged.connect(this.lookAgain, this);
    this._model.stateChanged.connect(this._onState, this);
  }

  /** Emitted when they were read, or could not be. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get found(): Envlink.INearby {
    return this._found;
  }

  /** Why they could not be read. */
  get error(): EnvlinkError | null {
    return this._error;
  }

  get isDisposed(): boolean {
    return this._soon.isDisposed;
  }

  dispose(): void {
    this._model.environmentsChanged.disconnect(this.lookAgain, this);
    this._model.stateChanged.disconnect(this._onState, this);
    this._soon.dispose();
    Signal.clearData(this);
  }

  /** Whether somebody looks. */
  watch(on: boolean): void {
    this._isWatched = on;
    this.lookAgain();
  }

  /** Something may be otherwise: another document, a file that was saved. */
  lookAgain(): void {
    if (this._isWatched && !this.isDisposed) {
      void this._soon.invoke().catch(() => undefined);
    }
  }

  /** A server that did not answer may do so again. */
  private _onState(): void {
    if (this._error?.code === 'unreachable' && !this._model.error) {
      this.lookAgain();
    }
  }

  private async _read(): Promise<void> {
    try {
      this._found = await this._model.files(this._place());
      this._error = null;
    } catch (reason) {
      this._error = asEnvlinkError(reason);
    }
    this._changed.emit();
  }

  private _changed = new Signal<this, void>(this);
  private _error: EnvlinkError | null = null;
  private _found = NOTHING;
  private _isWatched = false;
  private _refresher: Refresher;
  private _soon: Debouncer;
}
