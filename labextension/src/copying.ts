import { Clipboard } from '@jupyterlab/apputils';

/**
 * Put a text into the system's clipboard. Rejects where the browser does not allow it.
 *
 * Browsers give the clipboard's own interface to secure pages only, not to http from another machine.
 */
export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
  } else {
    Clipboard.copyToSystem(text);
  }
}
