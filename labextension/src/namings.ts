import { NAME_FIELD } from './name-field';
import { NamingBody } from './naming';
import { StayingDialog } from './staying';
import type { Envlink, IEnvlinkModel } from './tokens';

import { Dialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

/**
 * Ask for the name of a copy, and make it.
 *
 * @returns whether it is being made.
 */
export function askToClone(
  model: IEnvlinkModel,
  environment: Envlink.IEnvironment,
  trans: TranslationBundle
): Promise<boolean> {
  const name = freeName(environment.name, model.environments);
  const body = new NamingBody({
    environment,
    isMoved: false,
    kernels: [],
    model,
    name,
    trans,
    submit: wanted => model.clone(environment.id, wanted)
  });
  return launched(
    body,
    trans.__('Clone %1', environment.name),
    trans.__('Clone')
  );
}

/**
 * Ask for another name of an environment, and give it to it.
 *
 * @returns whether it is being renamed.
 */
export function askToRename(
  model: IEnvlinkModel,
  environment: Envlink.IEnvironment,
  trans: TranslationBundle
): Promise<boolean> {
  const body = new NamingBody({
    environment,
    isMoved: true,
    kernels: environment.running,
    model,
    name: environment.name,
    trans,
    submit: (wanted, force) => model.rename(environment.id, wanted, force)
  });
  return launched(
    body,
    trans.__('Rename %1', environment.name),
    trans.__('Rename')
  );
}

async function launched(
  body: NamingBody,
  title: string,
  accept: string
): Promise<boolean> {
  let isDone = false;
  const accepted = async () => (isDone = await body.save());
  const dialog = new StayingDialog(accepted, {
    title,
    body,
    buttons: [Dialog.cancelButton(), Dialog.okButton({ label: accept })],
    focusNodeSelector: `#${NAME_FIELD}`
  });
  dialog.addClass('jp-Envlink-dialog');
  await dialog.launch();
  return isDone;
}

/** A name that no environment has. */
function freeName(
  name: string,
  environments: readonly Envlink.IEnvironment[]
): string {
  const taken = new Set(environments.map(each => each.name));
  let free = `${name}-copy`;
  for (let number = 2; taken.has(free); number++) {
    free = `${name}-copy-${number}`;
  }
  return free;
}
