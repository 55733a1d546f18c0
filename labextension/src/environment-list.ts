import type { EnvlinkApi } from './api';
import type { EnvlinkError } from './error';
import { asEnvlinkError } from './error';
import { kept } from './kept';
import { Refresher } from './refresher';
import type { Envlink } from './tokens';

import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

/**
 * The environments of the server, as it told them last.
 */
export class EnvironmentList {
  constructor(private _api: EnvlinkApi) {
    this._refresher = new Refresher(() => this._read());
  }

  /** Emitted when it was read, or could not be. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** In the server's order. */
  get all(): readonly Envlink.IEnvironment[] {
    return this._all;
  }

  /** Folders that do not answer. */
  get stale(): readonly Envlink.IStale[] {
    return this._stale;
  }

  /** Why they could not be read. */
  get error(): EnvlinkError | null {
    return this._error;
  }

  /** When they were read last, in milliseconds; `null` where they never were. */
  get readAt(): number | null {
    return this._readAt;
  }

  find(id: string): Envlink.IEnvironment | undefined {
    return this._all.find(each => each.id === id);
  }

  /** Read it again; `disk` makes the server look at the disk first. */
  refresh(disk = false): Promise<void> {
    this._lookAtDisk = this._lookAtDisk || disk;
    return this._refresher.run();
  }

  /** Take over what the server has answered about one. */
  replace(environment: Envlink.IEnvironment): void {
    this._all = this._all.map(each =>
      each.id === environment.id ? environment : each
    );
    this._changed.emit();
  }

  private async _read(): Promise<void> {
    const disk = this._lookAtDisk;
    this._lookAtDisk = false;
    try {
      const { environments, stale } = await this._api.environments(disk);
      const known = new Map(this._all.map(each => [each.id, each]));
      // An unchanged environment keeps its object: its row is not drawn again.
      const all = environments.map(each => kept(known.get(each.id), each));
      this._all = isSame(this._all, all) ? this._all : all;
      this._readAt = Date.now();
      this._stale = stale;
      this._error = null;
    } catch (reason) {
      this._error = asEnvlinkError(reason);
    }
    this._changed.emit();
  }

  private _all: readonly Envlink.IEnvironment[] = [];
  private _changed = new Signal<this, void>(this);
  private _error: EnvlinkError | null = null;
  private _lookAtDisk = false;
  private _readAt: number | null = null;
  private _refresher: Refresher;
  private _stale: readonly Envlink.IStale[] = [];
}

function isSame<T>(before: readonly T[], now: readonly T[]): boolean {
  return (
    before.length === now.length &&
    now.every((each, index) => each === before[index])
  );
}
