import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { IDocumentManager } from '@jupyterlab/docmanager';
import type { IFileBrowserFactory } from '@jupyterlab/filebrowser';
import type { FileBrowser } from '@jupyterlab/filebrowser';

import { pageOf } from './page';

/**
 * Where a person is: the document in front, else the folder that the file browser shows.
 */
export class Place {
  constructor(
    private _app: JupyterFrontEnd,
    documents: IDocumentManager | null,
    private _browsers: IFileBrowserFactory | null
  ) {
    this._front = pageOf(_app, documents).front;
  }

  /** Its path in the contents API; empty for the root folder. */
  get path(): string {
    const { contents } = this._app.serviceManager;
    const path = this._front() || (this._browser?.model.path ?? '');
    // What lies on another drive is no file of this server.
    return contents.driveName(path) ? '' : contents.localPath(path);
  }

  /** Call `onChange` when it is another one, or a file of it was saved, moved or deleted. */
  follow(onChange: () => void): void {
    const { serviceManager, shell } = this._app;
    shell.currentChanged?.connect(onChange);
    serviceManager.contents.fileChanged.connect(onChange);
    const tracker = this._browsers?.tracker;
    const listen = (browser: FileBrowser) =>
      browser.model.pathChanged.connect(onChange);
    tracker?.forEach(listen);
    tracker?.widgetAdded.connect((_, browser) => listen(browser));
    tracker?.currentChanged.connect(onChange);
  }

  private get _browser(): FileBrowser | null {
    return this._browsers?.tracker.currentWidget ?? null;
  }

  private _front: () => string;
}
