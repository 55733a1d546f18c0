import { asEnvlinkError } from '../error';
import type { EnvlinkError } from '../error';
import { isArchive } from '../files';
import { difference } from './replacing';
import type { IFile } from '../use-plan';
import { asEdited, isMissing, TextFile } from './text-file';

import { CodeEditor } from '@jupyterlab/codeeditor';
import type { Contents } from '@jupyterlab/services';

import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

/**
 * The text that an environment is made of, and the file that it is of, if any. Nothing is written before `save`.
 *
 * Its methods never reject: what went wrong is `problem`.
 */
export class Draft implements IDisposable {
  constructor(
    private _contents: Contents.IManager,
    path: string | null,
    private _beginning?: string,
    private _filename?: string
  ) {
    this._file = path === null ? null : new TextFile(_contents, path);
    this.model.mimeType = 'text/x-yaml';
    this.model.sharedModel.changed.connect(this._emit, this);
    _contents.fileChanged.connect(this._onFileChanged, this);
    if (_beginning !== undefined) {
      this.text = _beginning;
      this.model.sharedModel.clearUndoHistory();
    }
  }

  /** What the editor shows. */
  readonly model = new CodeEditor.Model();

  /** Emitted when the text, the path or what is known of the file differs. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get path(): string | null {
    return this._file?.path ?? null;
  }

  /** The file, or, where there is none, what the text is called. */
  get file(): IFile {
    const { path } = this;
    return { path, filename: path === null ? (this._filename ?? null) : null };
  }

  /** What the text is called: the path of its file, else what it is to be. */
  get named(): string | null {
    return this.path ?? this._filename ?? null;
  }

  /** Whether there is a text to be shown; an archive has none. */
  get isText(): boolean {
    return this.path === null || !isArchive(this.path);
  }

  get text(): string {
    return this.model.sharedModel.getSource();
  }

  /** Another text, as one step that can be undone. */
  set text(text: string) {
    const before = this.text;
    const { end, start, text: changed } = difference(before, asEdited(text));
    if (end > start || changed) {
      this.model.sharedModel.updateSource(start, end, changed);
    }
  }

  /** Whether the text is another than that of the file. */
  get isDirty(): boolean {
    return this.isText && this.text !== (this._saved ?? '');
  }

  /** The text, where it is another than that of the file; `null` where the file says it. */
  get edited(): string | null {
    return this._file === null || this.isDirty ? this.text : null;
  }

  /** Whether the file is being read for the first time. */
  get isLoading(): boolean {
    return this._isLoading;
  }

  /** Why the file could not be read or written. */
  get problem(): EnvlinkError | null {
    return this._problem;
  }

  /** Whether somebody else has changed the file since it was read: it is saved only once that is decided. */
  get isOutdated(): boolean {
    return this._isOutdated;
  }

  /** Whether the file was deleted in this page: saving writes it anew. */
  get isGone(): boolean {
    return this._isGone;
  }

  /** Another number each time that the file was read or written. */
  get revision(): number {
    return this._revision;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._contents.fileChanged.disconnect(this._onFileChanged, this);
      Signal.clearData(this);
      this.model.dispose();
    }
  }

  /** Read the file. The text that the draft began with stays in front of it. */
  async load(): Promise<void> {
    const file = this._file;
    if (file && this.isText) {
      this._isLoading = true;
      await this._try(() => this._read(file));
      this._isLoading = false;
      this._emit();
    }
  }

  /** Take what is on the disk in place of the text. */
  async revert(): Promise<void> {
    this._beginning = undefined;
    await this.load();
  }

  /** The text as the server has read it, where the contents API cannot. */
  take(text: string): void {
    if (this._saved === null && this._beginning === undefined) {
      this._saved = asEdited(text);
      this._problem = null;
      this.text = this._saved;
      this._emit();
    }
  }

  /** Write the file; with `force` although somebody else has changed it. Resolves to whether it is written. */
  async save(force = false): Promise<boolean> {
    const file = this._file;
    if (file === null) {
      return false;
    }
    await this._try(async () => {
      this._isOutdated = !force && (await file.isChanged());
      if (!this._isOutdated) {
        await this._write(file);
      }
    });
    return this._problem === null && !this._isOutdated;
  }

  /** Write a file of this name, which is that of the draft from then on. */
  async saveAs(path: string): Promise<boolean> {
    const file = this._file?.at(path) ?? new TextFile(this._contents, path);
    await this._try(async () => {
      await this._write(file);
      this._file = file;
    });
    return this._problem === null;
  }

  private async _try(attempt: () => Promise<void>): Promise<void> {
    try {
      await attempt();
      this._problem = null;
    } catch (reason) {
      this._problem = asEnvlinkError(reason);
    }
    this._emit();
  }

  private async _read(file: TextFile): Promise<void> {
    try {
      this._saved = await file.read();
      this._revision++;
      this._isGone = false;
      this._isOutdated = false;
      if (this._beginning === undefined) {
        this.text = this._saved;
        this.model.sharedModel.clearUndoHistory();
      }
    } catch (reason) {
      // A text may be meant for a file that is not there yet.
      if (this._beginning === undefined || !isMissing(reason)) {
        throw reason;
      }
    }
  }

  private async _write(file: TextFile): Promise<void> {
    const { text } = this;
    await file.write(text);
    this._saved = text;
    this._isGone = false;
    this._revision++;
    this._isOutdated = false;
  }

  /** Follow what others do with the file in this page. */
  private _onFileChanged(
    sender: Contents.IManager,
    { newValue, oldValue, type }: Contents.IChangedArgs
  ): void {
    const file = this._file;
    if (file && type === 'rename' && oldValue?.path === file.path) {
      this._file = newValue?.path ? file.at(newValue.path) : file;
      this._emit();
    } else if (file && type === 'delete' && oldValue?.path === file.path) {
      this._saved = null;
      this._isGone = true;
      this._emit();
    } else if (file && type === 'save' && newValue?.path === file.path) {
      if (file.isOther(newValue) && !this.isDirty) {
        void this.load();
      }
    }
  }

  private _emit(): void {
    if (!this._isDisposed) {
      this._changed.emit();
    }
  }

  private _changed = new Signal<this, void>(this);
  private _file: TextFile | null;
  private _isDisposed = false;
  private _isGone = false;
  private _isLoading = false;
  private _isOutdated = false;
  private _problem: EnvlinkError | null = null;
  private _revision = 0;
  /** What the file holds; `null` while that is not known, and where there is no file. */
  private _saved: string | null = null;
}
