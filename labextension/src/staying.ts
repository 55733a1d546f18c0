import { Dialog } from '@jupyterlab/apputils';

/**
 * A dialog that stays when it is accepted, unless `accepted` resolves to true: what its body shows tells what came of it.
 */
export class StayingDialog extends Dialog<void> {
  constructor(
    private _accepted: () => Promise<boolean>,
    options: Partial<Dialog.IOptions<void>> & { buttons: Dialog.IButton[] }
  ) {
    super(options);
    this._choices = options.buttons;
  }

  resolve(index = this._choices.length - 1): void {
    if (!this._choices[index].accept) {
      super.resolve(index);
    } else if (!this._isAtWork && !this.node.querySelector('.jp-mod-error')) {
      void this._acceptThenResolve(index);
    }
  }

  private async _acceptThenResolve(index: number): Promise<void> {
    this._isAtWork = true;
    const isDone = await this._accepted();
    this._isAtWork = false;
    if (isDone) {
      super.resolve(index);
    }
  }

  private _choices: Dialog.IButton[];
  private _isAtWork = false;
}
