import type { Envlink } from './tokens';

import { PathExt } from '@jupyterlab/coreutils';
import type { IDocumentManager } from '@jupyterlab/docmanager';
import type { Contents } from '@jupyterlab/services';

/** Names that are tried before a new file keeps the one it has. */
const TRIES = 100;

/**
 * Show an export as a new file in a folder; without a document manager, download it. Nothing is overwritten.
 *
 * Rejects with what the contents API says.
 */
export async function saveNew(
  documents: IDocumentManager | null,
  folder: string,
  done: Envlink.IExport
): Promise<void> {
  if (documents) {
    const { contents } = documents.services;
    documents.openOrReveal(await written(contents, folder, done));
  } else {
    download(done);
  }
}

/** The path of the new file: that of the export, or, where one is there, with a number. */
async function written(
  contents: Contents.IManager,
  folder: string,
  { filename, text }: Envlink.IExport
): Promise<string> {
  const ext = PathExt.extname(filename);
  const stem = filename.slice(0, filename.length - ext.length);
  const made = await contents.newUntitled({ path: folder, type: 'file', ext });
  await contents.save(made.path, {
    type: 'file',
    format: 'text',
    content: text
  });
  for (let tried = 0; tried < TRIES; tried++) {
    const name = tried ? `${stem}-${tried}${ext}` : filename;
    try {
      return (await contents.rename(made.path, PathExt.join(folder, name)))
        .path;
    } catch (reason) {
      if ((reason as { response?: Response }).response?.status !== 409) {
        throw reason;
      }
    }
  }
  return made.path;
}

export function download({ filename, text }: Envlink.IExport): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = filename;
  link.click();
  URL.revokeObjectURL(url);
}
