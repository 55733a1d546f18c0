import type { Contents } from '@jupyterlab/services';

import { Signal } from '@lumino/signaling';

/** The files of a server, at the border of the contents manager; each write makes a file newer. */
export class FakeFiles {
  constructor(private _files: { [path: string]: string } = {}) {}

  readonly fileChanged = new Signal<this, Contents.IChangedArgs>(this);
  /** Thrown by the next call. */
  fault: Error | null = null;

  get manager(): Contents.IManager {
    return this as unknown as Contents.IManager;
  }

  /** As when somebody else writes a file. */
  put(path: string, text: string): void {
    this._files[path] = text;
    this._times[path] = (this._times[path] ?? 0) + 1;
  }

  read(path: string): string | undefined {
    return this._files[path];
  }

  async get(path: string): Promise<Partial<Contents.IModel>> {
    this._raise();
    if (!(path in this._files)) {
      throw Object.assign(new Error(`No such file: ${path}`), {
        response: { status: 404 }
      });
    }
    return { ...this._model(path), content: this._files[path] };
  }

  async save(
    path: string,
    { content }: { content: string }
  ): Promise<Partial<Contents.IModel>> {
    this._raise();
    this.put(path, content);
    return this._model(path);
  }

  async delete(path: string): Promise<void> {
    this._raise();
    const oldValue = this._model(path);
    delete this._files[path];
    const type = 'delete';
    this.fileChanged.emit({ type, oldValue, newValue: null } as never);
  }

  normalize(path: string): string {
    return path.replace(/^\//, '');
  }

  private _raise(): void {
    const { fault } = this;
    this.fault = null;
    if (fault) {
      throw fault;
    }
  }

  private _model(path: string): Partial<Contents.IModel> {
    return { path, last_modified: String(this._times[path] ?? 0) };
  }

  private _times: { [path: string]: number } = {};
}
