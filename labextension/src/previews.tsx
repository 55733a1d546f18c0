import { CreatePreview } from './create';
import type { ICreation } from './create';
import type { IPlace } from './lines';
import type { IPreviewOptions } from './preview';
import { BODY_CLASS, PreviewBody } from './preview';
import type { IUpdate } from './update';
import { UpdatePreview } from './update';

import { Dialog } from '@jupyterlab/apputils';

import * as React from 'react';

/** What a dialog with a preview begins with. */
interface IPreviewDialogOptions extends Omit<IPreviewOptions, 'onShow'> {
  /** Show a place of the file, once the dialog has gone; where there is a file. */
  show?: (place: IPlace) => Promise<void>;
}

/**
 * Show what would be made from a file.
 *
 * @returns the name to make it under, and the text where it was changed; `null` where the person has cancelled.
 */
export function askToCreate(
  options: IPreviewDialogOptions
): Promise<ICreation | null> {
  const { path, trans } = options;
  return launched<ICreation>(options, {
    title: trans.__('Create an environment from %1', path),
    accept: trans.__('Create'),
    draw: props => <CreatePreview {...props} />
  });
}

/**
 * Show what would become of an environment by a file; `proposed` is the one to begin with.
 *
 * @returns what to update, and how; `null` where the person has cancelled.
 */
export function askToUpdate(
  options: IPreviewDialogOptions & { proposed: string | null }
): Promise<IUpdate | null> {
  const { path, proposed, trans } = options;
  return launched<IUpdate>(options, {
    title: trans.__('Update an environment from %1', path),
    accept: trans.__('Update'),
    draw: props => <UpdatePreview {...props} proposed={proposed} />
  });
}

/** What a preview is given that tells a `T`. */
interface IPreviewProps<T> extends IPreviewOptions {
  onChange: (wanted: T | null) => void;
}

/** What the person has agreed to; where they want to see a place of the file, that is shown instead. */
async function launched<T>(
  { model, path, show, text, trans }: IPreviewDialogOptions,
  what: {
    title: string;
    accept: string;
    draw: (props: IPreviewProps<T>) => JSX.Element;
  }
): Promise<T | null> {
  let wanted: IPlace | null = null;
  const onShow = (place: IPlace) => {
    wanted = place;
    dialog.reject();
  };
  const options = { model, path, text, trans, onShow: show && onShow };
  const dialog = new Dialog<T | null>({
    title: what.title,
    body: new PreviewBody<T>(onChange => what.draw({ ...options, onChange })),
    buttons: [Dialog.cancelButton(), Dialog.okButton({ label: what.accept })],
    focusNodeSelector: `.${BODY_CLASS}`
  });
  dialog.addClass('jp-Envlink-dialog');
  const result = await dialog.launch();
  if (wanted) {
    await show?.(wanted);
  }
  return result.button.accept ? result.value : null;
}
