import { showWidget } from '../main-area';
import type { IBeginning } from './beginning';
import type { ICreateViewOptions } from './view';
import type { CreateWidget } from './widget';

import type { JupyterFrontEnd } from '@jupyterlab/application';
import { DOMUtils, WidgetTracker } from '@jupyterlab/apputils';
import type { CodeEditor } from '@jupyterlab/codeeditor';

/** What the views are made of. */
export interface ICreateViewsOptions extends Omit<
  ICreateViewOptions,
  'config'
> {
  shell: JupyterFrontEnd.IShell;
  /** Fills the toolbar of a view. */
  setToolbar?: (widget: CreateWidget) => void;
  /** The settings of the page's editors, as they are now. */
  editorConfig: () => Promise<CodeEditor.IOptions['config']>;
}

/** The views of files that environments are made of: one for each file. Their code is loaded with the first one. */
export class CreateViews {
  constructor(private _options: ICreateViewsOptions) {}

  readonly tracker = new WidgetTracker<CreateWidget>({
    namespace: 'jupyter_envlink_create'
  });

  /** The view in front, or the last one that was. */
  get current(): CreateWidget | null {
    return this.tracker.currentWidget;
  }

  /** The view in front; `null` where something else is there. */
  get front(): CreateWidget | null {
    const { current } = this;
    return current === this._options.shell.currentWidget ? current : null;
  }

  /** Show a file or a text with what would come of it; a file that is shown already comes to the front. */
  async open(beginning: IBeginning): Promise<void> {
    const { path } = beginning;
    const shown = this.tracker.find(
      each => path !== null && each.content.draft.path === path
    );
    if (shown) {
      shown.content.begin(beginning);
      showWidget(this._options.shell, shown);
    } else {
      await this._add(beginning);
    }
  }

  private async _add(beginning: IBeginning): Promise<void> {
    const [{ CreateWidget }, config] = await Promise.all([
      import('./widget'),
      this._options.editorConfig()
    ]);
    const key = beginning.key ?? DOMUtils.createDomID();
    const options = { ...this._options, config };
    const widget = new CreateWidget(options, { ...beginning, key });
    await this.tracker.add(widget);
    if (widget.content.draft.isText) {
      this._options.setToolbar?.(widget);
    }
    widget.content.changed.connect(() => void this.tracker.save(widget));
    showWidget(this._options.shell, widget);
  }
}
