import { Changes, changesNothing } from './changes';
import { bytesOf, groupsOf } from './cleanup-groups';
import { timeWord } from './moments';
import { RunningKernels } from './running-kernels';
import type { Envlink } from './tokens';
import { NotebookUses } from './uses';
import { sizeWord } from './words';

import { Dialog } from '@jupyterlab/apputils';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';

import * as React from 'react';

/**
 * Ask whether an environment is to be removed, with its path and what runs in it.
 *
 * @returns whether, and if so whether although kernels run in it.
 */
export async function askToRemove(
  environment: Envlink.IEnvironment,
  trans: TranslationBundle,
  kernels: Envlink.IRunningKernel[] = environment.running,
  uses: Envlink.IUses | null = null
): Promise<{ force: boolean } | null> {
  const force = kernels.length > 0;
  const dialog = new Dialog({
    title: trans.__('Remove %1?', environment.name),
    body: ReactWidget.create(
      <RemoveQuestion
        kernels={kernels}
        prefix={environment.prefix}
        trans={trans}
        uses={uses}
      />
    ),
    buttons: [
      Dialog.cancelButton(),
      Dialog.warnButton({
        label: force ? trans.__('Remove anyway') : trans.__('Remove')
      })
    ],
    defaultButton: 0
  });
  dialog.addClass('jp-Envlink-dialog');
  const result = await dialog.launch();
  return result.button.accept ? { force } : null;
}

function RemoveQuestion(props: {
  kernels: Envlink.IRunningKernel[];
  prefix: string;
  trans: TranslationBundle;
  uses: Envlink.IUses | null;
}): JSX.Element {
  const { kernels, prefix, trans, uses } = props;
  return (
    <div className="jp-Envlink-question">
      <p>{trans.__('This folder and all in it are removed from the disk:')}</p>
      <p>
        <code>{prefix}</code>
      </p>
      <RunningKernels
        kernels={kernels}
        said={trans._n(
          'A kernel runs in it and will stop working:',
          '%1 kernels run in it and will stop working:',
          kernels.length
        )}
      />
      {uses && <NotebookUses uses={uses} trans={trans} />}
    </div>
  );
}

/** Ask whether an environment is to go back to one of its generations, with what that changes. */
export async function askToRollBack(
  environment: Envlink.IEnvironment,
  generation: Envlink.IGeneration,
  trans: TranslationBundle
): Promise<boolean> {
  const { changes, created } = generation;
  const { name, running } = environment;
  return isAnswered({
    title: trans.__('Roll %1 back?', name),
    accept: Dialog.okButton({ label: trans.__('Roll back') }),
    body: (
      <div className="jp-Envlink-question">
        <p>{trans.__('It becomes what it was until %1:', timeWord(created))}</p>
        {changesNothing(changes) && <p>{trans.__('No package changes.')}</p>}
        <Changes changes={changes} trans={trans} isMain />
        <RunningKernels
          kernels={running}
          said={trans._n(
            'A kernel runs in it: restart it afterwards.',
            '%1 kernels run in it: restart them afterwards.',
            running.length
          )}
        />
        <p>
          {trans.__(
            'What is there now is kept as an earlier state, so that you can come back to it.'
          )}
        </p>
      </div>
    )
  });
}

/** Ask whether what was removed is to be deleted, after which it cannot come back. */
export async function askToDiscard(
  removed: Envlink.IRemoved,
  trans: TranslationBundle
): Promise<boolean> {
  return isAnswered({
    title: trans.__('Delete %1 for good?', removed.name),
    accept: Dialog.warnButton({ label: trans.__('Delete for good') }),
    body: (
      <div className="jp-Envlink-question">
        <p>{trans.__('It cannot be restored afterwards. It was at')}</p>
        <p>
          <code>{removed.prefix}</code>
        </p>
      </div>
    ),
    isGrave: true
  });
}

/** Ask whether all of these are to go from the disk, with what they free. */
export async function askToCleanUp(
  items: readonly Envlink.ILeftover[],
  trans: TranslationBundle
): Promise<boolean> {
  const size = sizeWord(bytesOf(items));
  return isAnswered({
    title: trans.__('Free %1?', size),
    accept: Dialog.warnButton({ label: trans.__('Free %1', size) }),
    body: (
      <div className="jp-Envlink-question">
        <ul>
          {groupsOf(items, trans).map(group => (
            <li key={group.key}>
              <strong>
                {trans.__(
                  '%1: %2, %3',
                  group.title,
                  group.items.length,
                  sizeWord(bytesOf(group.items))
                )}
              </strong>
              <p>{group.explanation}</p>
            </li>
          ))}
        </ul>
      </div>
    ),
    isGrave: true
  });
}

/** Ask something that is answered by yes or no; what is grave is not answered by the Enter key alone. */
async function isAnswered(question: {
  title: string;
  body: JSX.Element;
  accept: Dialog.IButton;
  isGrave?: boolean;
}): Promise<boolean> {
  const { accept, body, isGrave, title } = question;
  const dialog = new Dialog({
    title,
    body: ReactWidget.create(body),
    buttons: [Dialog.cancelButton(), accept],
    defaultButton: isGrave ? 0 : 1
  });
  dialog.addClass('jp-Envlink-dialog');
  return (await dialog.launch()).button.accept;
}
