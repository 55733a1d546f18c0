import type { Draft } from './draft';
import { saveAs } from './save-as';
import type { ICreateViewOptions } from './view';

import { Dialog, showDialog } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';

/** Whether a view may be closed: nothing is lost by that, or the person wants to lose it. */
export async function confirmClosing(
  draft: Draft,
  options: Pick<ICreateViewOptions, 'contents' | 'trans'>
): Promise<boolean> {
  if (!draft.isDirty) {
    return true;
  }
  const { trans } = options;
  const answer = await showDialog({
    title: trans.__('Save your text?'),
    body:
      draft.path === null
        ? trans.__('The text of the new environment is saved nowhere.')
        : trans.__(
            'The text of %1 was changed, and is not saved.',
            PathExt.basename(draft.path)
          ),
    buttons: [
      Dialog.cancelButton(),
      Dialog.warnButton({ label: trans.__('Discard') }),
      Dialog.okButton({ label: trans.__('Save') })
    ]
  });
  if (!answer.button.accept) {
    return false;
  }
  return (
    answer.button.displayType === 'warn' ||
    (draft.path === null ? saveAs(draft, options) : draft.save())
  );
}
