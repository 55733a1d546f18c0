import type { EnvlinkError } from './error';
import { DoctorBody, PATH_FIELD } from './doctor';
import { KernelSettingsBody, TITLE_FIELD } from './settings';
import { StayingDialog } from './staying';
import type { Envlink, IEnvlinkModel } from './tokens';

import { Dialog } from '@jupyterlab/apputils';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';

import * as React from 'react';

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
