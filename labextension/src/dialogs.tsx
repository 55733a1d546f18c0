import type { EnvlinkError } from './api';
import { BODY_CLASS, CreatePreviewBody } from './create';
import type { ICreation } from './create';
import { DoctorBody, PATH_FIELD } from './doctor';
import type { IPlace } from './lines';
import { KernelSettingsBody, TITLE_FIELD } from './settings';
import { StayingDialog } from './staying';
import type { Envlink, IEnvlinkModel } from './tokens';

import { Dialog } from '@jupyterlab/apputils';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';

import * as React from 'react';

/** What a dialog of creating begins with. */
interface ICreateOptions {
  model: IEnvlinkModel;
  path: string;
  /** In place of what the file holds. */
  text?: string;
  trans: TranslationBundle;
  /** Show a place of the file, once the dialog has gone; where there is a file. */
  show?: (place: IPlace) => Promise<void>;
}

/**
 * Show what would be made from a file.
 *
 * @returns the name to make it under, and the text where it was changed; `null` where the person has cancelled.
 */
export async function askToCreate(
  options: ICreateOptions
): Promise<ICreation | null> {
  const { model, path, show, text, trans } = options;
  let wanted: IPlace | null = null;
  const onShow = (place: IPlace) => {
    wanted = place;
    dialog.reject();
  };
  const dialog = new Dialog<ICreation | null>({
    title: trans.__('Create an environment from %1', path),
    body: new CreatePreviewBody({
      model,
      path,
      text,
      trans,
      onShow: show && onShow
    }),
    buttons: [
      Dialog.cancelButton(),
      Dialog.okButton({ label: trans.__('Create') })
    ],
    focusNodeSelector: `.${BODY_CLASS}`
  });
  dialog.addClass('jp-Envlink-dialog');
  const result = await dialog.launch();
  if (wanted) {
    await show?.(wanted);
  }
  return result.button.accept ? result.value : null;
}

/**
 * Let a person change what they can choose of an environment's kernel. Resolves when the dialog is closed.
 */
export async function showKernelSettings(
  model: IEnvlinkModel,
  environment: Envlink.IEnvironment,
  trans: TranslationBundle
): Promise<void> {
  const body = new KernelSettingsBody({ environment, model, trans });
  const dialog = new StayingDialog(() => body.save(), {
    title: trans.__('Kernel of %1', environment.name),
    body,
    buttons: [
      Dialog.cancelButton(),
      Dialog.okButton({ label: trans.__('Save') })
    ],
    focusNodeSelector: `#${TITLE_FIELD}`
  });
  dialog.addClass('jp-Envlink-dialog');
  await dialog.launch();
}

/**
 * Explain why an environment is as it is. Resolves when the dialog is closed.
 */
export async function showReport(
  model: IEnvlinkModel,
  environment: Envlink.IEnvironment,
  trans: TranslationBundle
): Promise<void> {
  const dialog = new Dialog({
    title: trans.__('Why %1 is as it is', environment.name),
    body: new DoctorBody({ environment: environment.id, model, trans }),
    buttons: [Dialog.okButton({ label: trans.__('Close') })]
  });
  dialog.addClass('jp-Envlink-dialog');
  await dialog.launch();
}

/**
 * Explain all environments, and why a folder is not among them. Resolves when the dialog is closed.
 */
export async function showDoctor(
  model: IEnvlinkModel,
  trans: TranslationBundle
): Promise<void> {
  const body = new DoctorBody({ model, trans });
  const dialog = new StayingDialog(() => body.ask(), {
    title: trans.__('Environments, looked at one by one'),
    body,
    buttons: [
      Dialog.cancelButton({ label: trans.__('Close') }),
      Dialog.okButton({ label: trans.__('Explain') })
    ],
    focusNodeSelector: `#${PATH_FIELD}`
  });
  dialog.addClass('jp-Envlink-dialog');
  await dialog.launch();
}

/**
 * Ask whether an environment is to be removed, with its path and what runs in it.
 *
 * @returns whether, and if so whether although kernels run in it.
 */
export async function askToRemove(
  environment: Envlink.IEnvironment,
  trans: TranslationBundle,
  kernels: Envlink.IRunningKernel[] = environment.running
): Promise<{ force: boolean } | null> {
  const force = kernels.length > 0;
  const dialog = new Dialog({
    title: trans.__('Remove %1?', environment.name),
    body: ReactWidget.create(
      <RemoveQuestion
        kernels={kernels}
        prefix={environment.prefix}
        trans={trans}
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
}): JSX.Element {
  const { kernels, prefix, trans } = props;
  return (
    <div className="jp-Envlink-question">
      <p>{trans.__('This folder and all in it are removed from the disk:')}</p>
      <p>
        <code>{prefix}</code>
      </p>
      {kernels.length > 0 && (
        <>
          <p className="jp-Envlink-message">
            {trans._n(
              'A kernel runs in it and will stop working:',
              '%1 kernels run in it and will stop working:',
              kernels.length
            )}
          </p>
          <ul>
            {kernels.map(({ id, name, path }) => (
              <li key={id}>{path ?? name}</li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

/** Say what went wrong and what to do about it. */
export async function showError(
  title: string,
  error: Pick<EnvlinkError, 'message' | 'remedy'>,
  trans: TranslationBundle
): Promise<void> {
  await new Dialog({
    title,
    body: ReactWidget.create(
      <div className="jp-Envlink-question">
        <p className="jp-Envlink-message">{error.message}</p>
        {error.remedy && <p>{error.remedy}</p>}
      </div>
    ),
    buttons: [Dialog.okButton({ label: trans.__('Close') })]
  }).launch();
}
