import { PathExt } from '@jupyterlab/coreutils';
import type { Contents } from '@jupyterlab/services';

/** What an editor takes for the end of a line. */
const BREAK = /\r\n?/g;

/** A text as an editor holds it. */
export function asEdited(text: string): string {
  return text.replace(BREAK, '\n');
}

/**
 * A file of text, which keeps how it begins and ends its lines. Its methods reject with what the contents API says.
 */
export class TextFile {
  constructor(
    private _contents: Contents.IManager,
    readonly path: string
  ) {}

  async read(): Promise<string> {
    const found = await this._contents.get(this.path, {
      type: 'file',
      format: 'text',
      content: true
    });
    const content = String(found.content);
    this._mark = content.startsWith('\ufeff') ? '\ufeff' : '';
    this._ending = content.includes('\r\n') ? '\r\n' : '\n';
    this._modified = found.last_modified;
    return asEdited(content.slice(this._mark.length));
  }

  async write(text: string): Promise<void> {
    const written = await this._contents.save(this.path, {
      type: 'file',
      format: 'text',
      name: PathExt.basename(this.path),
      content: this._mark + text.replace(/\n/g, this._ending)
    });
    this._modified = written.last_modified;
  }

  /** Whether somebody else has written it since it was read or written here. */
  async isChanged(): Promise<boolean> {
    try {
      const found = await this._contents.get(this.path, { content: false });
      return this.isOther(found);
    } catch (reason) {
      if (isMissing(reason)) {
        return false;
      }
      throw reason;
    }
  }

  /** Whether what is told about it is not what is known here. */
  isOther(found: Partial<Contents.IModel>): boolean {
    return found.last_modified !== this._modified;
  }

  /** The same file, under another path. */
  at(path: string): TextFile {
    return Object.assign(new TextFile(this._contents, path), {
      _mark: this._mark,
      _ending: this._ending,
      _modified: this._modified
    });
  }

  private _ending = '\n';
  private _mark = '';
  private _modified = '';
}

/** Whether a file is not there. */
export function isMissing(reason: unknown): boolean {
  return (reason as { response?: Response }).response?.status === 404;
}
