import { CommandIDs } from '../ids';
import type { IBeginning } from './beginning';
import { confirmClosing } from './closing';
import type { ICreateViewOptions } from './view';
import { CreateView } from './view';

import { MainAreaWidget } from '@jupyterlab/apputils';
import { CommandToolbarButton } from '@jupyterlab/ui-components';

import type { Message } from '@lumino/messaging';

/** The view of a file in the main area. Closing it asks what becomes of a text that is not saved. */
export class CreateWidget extends MainAreaWidget<CreateView> {
  constructor(
    private _options: ICreateViewOptions,
    beginning: IBeginning
  ) {
    super({ content: new CreateView(_options, beginning) });
    this.addClass('jp-Envlink-createWidget');
    const { commands, trans } = _options;
    const args = { view: this.id };
    const add = (id: string, label: string) =>
      this.toolbar.addItem(
        id,
        new CommandToolbarButton({ args, commands, id, label })
      );
    if (this.content.draft.isText) {
      add(CommandIDs.saveFile, trans.__('Save'));
      add(CommandIDs.saveFileAs, trans.__('Save as…'));
    }
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
