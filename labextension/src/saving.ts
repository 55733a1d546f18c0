import { Dialog } from '@jupyterlab/apputils';

/**
 * A dialog that stays until what it is for has been done: where `save` resolves to false, its body says why.
 */
export class SavingDialog extends Dialog<void> {
  constructor(
    private _save: () => Promise<boolean>,
    options: Partial<Dialog.IOptions<void>> & { buttons: Dialog.IButton[] }
  ) {
    super(options);
    this._choices = options.buttons;
  }

  resolve(index = this._choices.length - 1): void {
    if (!this._choices[index].accept) {
      super.resolve(index);
    } else if (!this._isSaving) {
      void this._saveThenResolve(index);
    }
  }

  private async _saveThenResolve(index: number): Promise<void> {
    this._isSaving = true;
    const isSaved = await this._save();
    this._isSaving = false;
    if (isSaved) {
      super.resolve(index);
    }
  }

  private _choices: Dialog.IButton[];
  private _isSaving = false;
}
