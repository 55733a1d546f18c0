import type { Draft } from './draft';
import type { ICreateViewOptions } from './view';

import { Dialog, InputDialog, showDialog } from '@jupyterlab/apputils';

/** Save a draft under a name that the person says. Resolves to whether it is saved. */
export async function saveAs(
  draft: Draft,
  options: Pick<ICreateViewOptions, 'contents' | 'trans'>
): Promise<boolean> {
  const { contents, trans } = options;
  const { value } = await InputDialog.getText({
    title: trans.__('Save the text as a file'),
    label: trans.__('Path, from the root folder of the server'),
    text: draft.named ?? 'environment.yml',
    okLabel: trans.__('Save')
  });
  const path = contents.normalize(value?.trim() ?? '');
  return (
    path !== '' &&
    (path === draft.path ||
      !(await isThere(options, path)) ||
      (await mayOverwrite(options, path))) &&
    draft.saveAs(path)
  );
}

async function isThere(
  { contents }: Pick<ICreateViewOptions, 'contents'>,
  path: string
): Promise<boolean> {
  return contents.get(path, { content: false }).then(
    () => true,
    // What else may be wrong with the path is said by saving.
    () => false
  );
}

async function mayOverwrite(
  { trans }: Pick<ICreateViewOptions, 'trans'>,
  path: string
): Promise<boolean> {
  const answer = await showDialog({
    title: trans.__('Overwrite the file?'),
    body: trans.__('There is already a file %1.', path),
    buttons: [
      Dialog.cancelButton(),
      Dialog.warnButton({ label: trans.__('Overwrite') })
    ]
  });
  return answer.button.accept;
}
