import type { TranslationBundle } from '@jupyterlab/translation';

import type { IDisposable } from '@lumino/disposable';
import type { Drag } from '@lumino/dragdrop';
import type { Widget } from '@lumino/widgets';

/** What JupyterLab's file browser calls the paths that are dragged. */
const PATHS = 'application/x-jupyter-icontents';

/** What can be done with what is dropped. */
export interface IDropOptions {
  /** With files of the person's own machine. */
  files: (files: File[]) => Promise<void>;
  /** With paths of the server. */
  paths: (paths: string[]) => Promise<void>;
  /** Whether such paths are wanted. */
  isWanted: (paths: string[]) => boolean;
  trans: TranslationBundle;
}

/** A widget on which files are dropped: it shows and says so while one is dragged over it. */
export class DropTarget implements IDisposable {
  constructor(
    private _widget: Widget,
    private _options: IDropOptions
  ) {
    const { node } = _widget;
    this._sign.className = 'jp-Envlink-drop';
    this._sign.setAttribute('role', 'status');
    node.append(this._sign);
    for (const type of EVENTS) {
      node.addEventListener(type, this);
    }
    _widget.disposed.connect(this.dispose, this);
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._sign.remove();
      for (const type of EVENTS) {
        this._widget.node.removeEventListener(type, this);
      }
    }
  }

  handleEvent(event: Event): void {
    switch (event.type) {
      case 'dragenter':
      case 'dragover':
        this._onFilesOver(event as DragEvent);
        break;
      case 'dragleave':
        this._onLeave(event as DragEvent);
        break;
      case 'drop':
        this._onFiles(event as DragEvent);
        break;
      case 'lm-dragenter':
      case 'lm-dragover':
        this._onPathsOver(event as Drag.Event);
        break;
      case 'lm-dragleave':
        this._onLeave(event as Drag.Event);
        break;
      case 'lm-drop':
        this._onPaths(event as Drag.Event);
        break;
    }
  }

  private _onFilesOver(event: DragEvent): void {
    const { dataTransfer } = event;
    if (dataTransfer?.types.includes('Files')) {
      event.preventDefault();
      event.stopPropagation();
      dataTransfer.dropEffect = 'copy';
      this._show(true);
    }
  }

  private _onFiles(event: DragEvent): void {
    const files = [...(event.dataTransfer?.files ?? [])];
    this._show(false);
    if (files.length) {
      event.preventDefault();
      event.stopPropagation();
      void this._options.files(files);
    }
  }

  private _onPathsOver(event: Drag.Event): void {
    if (this._options.isWanted(pathsOf(event))) {
      event.preventDefault();
      event.stopPropagation();
      event.dropAction = event.proposedAction;
      this._show(true);
    }
  }

  private _onPaths(event: Drag.Event): void {
    const paths = pathsOf(event);
    this._show(false);
    if (this._options.isWanted(paths)) {
      event.preventDefault();
      event.stopPropagation();
      event.dropAction = event.proposedAction;
      void this._options.paths(paths);
    }
  }

  /** It is left as well when what is dragged comes over something in it. */
  private _onLeave(event: MouseEvent): void {
    const { node } = this._widget;
    const to = event.relatedTarget;
    if (!(to instanceof Node && node.contains(to))) {
      this._show(false);
    }
  }

  private _show(isOver: boolean): void {
    if (isOver !== this._isOver) {
      this._isOver = isOver;
      this._widget.node.classList.toggle('jp-mod-envlinkDrop', isOver);
      this._sign.textContent = isOver
        ? this._options.trans.__('Drop it to see what environment it gives')
        : '';
    }
  }

  private _isDisposed = false;
  private _isOver = false;
  private _sign = document.createElement('div');
}

const EVENTS = [
  ...['dragenter', 'dragover', 'dragleave', 'drop'],
  ...['lm-dragenter', 'lm-dragover', 'lm-dragleave', 'lm-drop']
];

function pathsOf({ mimeData }: Drag.Event): string[] {
  return mimeData.hasData(PATHS) ? (mimeData.getData(PATHS) as string[]) : [];
}
