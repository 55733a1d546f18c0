import type { IBeginning } from './beginning';
import { confirmClosing } from './closing';
import type { ICreateViewOptions } from './view';
import { CreateView } from './view';

import { MainAreaWidget } from '@jupyterlab/apputils';

import type { Message } from '@lumino/messaging';

/** The view of a file in the main area. Closing it asks what becomes of a text that is not saved. */
export class CreateWidget extends MainAreaWidget<CreateView> {
  constructor(
    private _options: ICreateViewOptions,
    beginning: IBeginning
  ) {
    super({ content: new CreateView(_options, beginning) });
    this.addClass('jp-Envlink-createWidget');
    const { commands } = _options;
    this.content.changed.connect(() => commands.notifyCommandChanged());
  }

  protected onCloseRequest(message: Message): void {
    void confirmClosing(this.content.draft, this._options).then(isAgreed => {
      if (isAgreed) {
        super.onCloseRequest(message);
        this.dispose();
      }
    });
  }
}
