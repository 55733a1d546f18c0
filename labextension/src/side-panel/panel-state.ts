import type { IStateDB } from '@jupyterlab/statedb';

import type { ReadonlyPartialJSONValue } from '@lumino/coreutils';
import { Debouncer } from '@lumino/polling';

const KEY = 'jupyter_envlink:panel';
/** Milliseconds after which a change is written down. */
const SOON = 300;

/** How a person has left the panel. */
export interface IPanelValue {
  /** What the list is filtered by. */
  readonly query: string;
  /** The keys of the rows that are unfolded. */
  readonly open: readonly string[];
  /** The sections that are folded up. */
  readonly folded: readonly string[];
}

const NOTHING: IPanelValue = { query: '', open: [], folded: [] };

/**
 * How a person has left the panel, kept in the page's state database, where there is one, over a reload.
 */
export class PanelState {
  constructor(private _database: IStateDB | null = null) {
    this._saver = new Debouncer(() => this._save(), SOON);
    this.restored = this._restore();
  }

  /** Resolves when it is as it was left. */
  readonly restored: Promise<void>;

  get value(): IPanelValue {
    return this._value;
  }

  set(change: Partial<IPanelValue>): void {
    this._take(change);
    void this._saver.invoke();
  }

  /** Unfold a row, or fold it. */
  toggle(key: string): void {
    const { open } = this._value;
    const others = open.filter(each => each !== key);
    this.set({ open: others.length < open.length ? others : [...open, key] });
  }

  /** As React's `useSyncExternalStore` wants it. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this._listeners.add(listener);
    return () => void this._listeners.delete(listener);
  };

  private _take(change: Partial<IPanelValue>): void {
    this._value = { ...this._value, ...change };
    this._listeners.forEach(listener => listener());
  }

  private async _restore(): Promise<void> {
    try {
      const kept = await this._database?.fetch(KEY);
      // What was done meanwhile is newer.
      if (this._value === NOTHING) {
        this._take(understood(kept));
      }
    } catch (reason) {
      console.warn('jupyter_envlink: the panel is not restored.', reason);
    }
  }

  private async _save(): Promise<void> {
    try {
      await this._database?.save(KEY, { ...this._value });
    } catch (reason) {
      console.warn('jupyter_envlink: the panel is not kept.', reason);
    }
  }

  private _listeners = new Set<() => void>();
  private _saver: Debouncer;
  private _value = NOTHING;
}

/** What of a kept value still has a sense; another version may have written it. */
function understood(kept: ReadonlyPartialJSONValue | undefined): IPanelValue {
  const { folded, open, query } = (kept ?? {}) as {
    [key: string]: unknown;
  };
  return {
    query: typeof query === 'string' ? query : '',
    open: texts(open),
    folded: texts(folded)
  };
}

function texts(value: unknown): string[] {
  return Array.isArray(value)
    ? value.filter((each): each is string => typeof each === 'string')
    : [];
}
