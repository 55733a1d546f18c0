import { Dialog } from '@jupyterlab/apputils';

import { eventually, settle } from './server';

/** The dialog that is shown, once its body is drawn and its focus is set. */
export async function dialog(): Promise<HTMLElement> {
  const shown = await eventually(() => {
    const node = document.querySelector<HTMLElement>('.jp-Dialog');
    if (!node?.contains(document.activeElement)) {
      throw new Error('No dialog came.');
    }
    return node;
  });
  await settle(30);
  return shown;
}

/** Press a button that can be pressed, once there is one. */
export async function press(node: HTMLElement, label: string): Promise<void> {
  await eventually(() => enabled(node, label).click());
}

/** A button that can be pressed. */
export function enabled(node: HTMLElement, label: string): HTMLButtonElement {
  const found = [...node.querySelectorAll('button')].find(
    each =>
      each.textContent === label &&
      !each.disabled &&
      each.getAttribute('aria-disabled') !== 'true'
  );
  if (!found) {
    throw new Error(`There is no button "${label}" in "${node.textContent}".`);
  }
  return found;
}

/** Close what a test has left open. */
export function closeAll(): void {
  Dialog.flush();
}
