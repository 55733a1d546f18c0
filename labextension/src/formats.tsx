import type { Envlink } from './tokens';
import { formatWord } from './words';

import { Dialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';

import * as React from 'react';

/**
 * Let a person choose among the formats that the server offers.
 *
 * @returns the format, or nothing where the person has cancelled.
 */
export async function askForFormat(
  environment: Envlink.IEnvironment,
  trans: TranslationBundle
): Promise<string> {
  const dialog = new Dialog<string>({
    title: trans.__('Export %1', environment.name),
    body: new FormatBody(environment.exports, trans),
    buttons: [
      Dialog.cancelButton(),
      Dialog.okButton({ label: trans.__('Export') })
    ],
    // With `autoFocus` below: whichever comes last, the dialog's focus or the drawing, has it.
    focusNodeSelector: '.jp-Envlink-formats input'
  });
  dialog.addClass('jp-Envlink-dialog');
  const result = await dialog.launch();
  return result.button.accept ? (result.value ?? '') : '';
}

class FormatBody extends ReactWidget implements Dialog.IBodyWidget<string> {
  constructor(
    private _formats: readonly string[],
    private _trans: TranslationBundle
  ) {
    super();
    this._chosen = _formats[0] ?? '';
  }

  getValue(): string {
    return this._chosen;
  }

  protected render(): JSX.Element {
    return (
      <fieldset className="jp-Envlink-formats">
        <legend>{this._trans.__('As')}</legend>
        {this._formats.map(format => (
          <label key={format}>
            <input
              type="radio"
              name="jp-envlink-format"
              value={format}
              autoFocus={format === this._formats[0]}
              defaultChecked={format === this._chosen}
              onChange={() => (this._chosen = format)}
            />
            {formatWord(format, this._trans)}
          </label>
        ))}
      </fieldset>
    );
  }

  private _chosen: string;
}
