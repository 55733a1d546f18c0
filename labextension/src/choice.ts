import { Dialog, showDialog } from '@jupyterlab/apputils';

import { Widget } from '@lumino/widgets';

/** The body of a dialog in which one of some is chosen; its value is the index. */
class Choice extends Widget implements Dialog.IBodyWidget<number> {
  constructor(label: string, words: string[]) {
    super();
    this._select.setAttribute('aria-label', label);
    this._select.append(...words.map(each => new Option(each)));
    this.node.append(this._select);
  }

  getValue(): number {
    return this._select.selectedIndex;
  }

  private _select = document.createElement('select');
}

/** What a person chooses of some; `null` where they choose none. */
export async function choose<T>(
  title: string,
  offered: readonly T[],
  wordOf: (each: T) => string
): Promise<T | null> {
  const { button, value } = await showDialog({
    title,
    body: new Choice(title, offered.map(wordOf)),
    buttons: [Dialog.cancelButton(), Dialog.okButton()],
    focusNodeSelector: 'select'
  });
  return button.accept && value !== null ? (offered[value] ?? null) : null;
}
