import { isArchive } from '../files';
import { EnvlinkError } from '../error';
import type { Envlink } from '../tokens';

import type { TranslationBundle } from '@jupyterlab/translation';

/** The largest text that the server reads, in bytes. */
const LARGEST = 16 * 1024 * 1024;

/** A file of the person's own machine, as far as it is used here. */
export type Dropped = Pick<File, 'arrayBuffer' | 'name' | 'size'>;

/** Whether a file is to be uploaded, as what it holds is no text. */
export function isUploaded(file: Dropped): boolean {
  return isArchive(file.name);
}

/** The text of a file that was dropped. Rejects with an `EnvlinkError` that says why it cannot be used. */
export async function textOf(
  file: Dropped,
  trans: TranslationBundle
): Promise<Envlink.IText> {
  if (file.size > LARGEST) {
    throw refusal(
      'too-large',
      trans.__('%1 is larger than 16 MiB.', file.name),
      trans.__('A file that lists packages is not: drop that one.')
    );
  }
  const text = decoded(await read(file, trans));
  if (text === null) {
    throw refusal(
      'not-text',
      trans.__('%1 is no text.', file.name),
      trans.__(
        'Drop a file that lists packages, or an archive of conda-pack, by its own name.'
      )
    );
  }
  return { text, filename: file.name };
}

/** A folder cannot be read, and some systems take a file away while it is dropped. */
async function read(
  file: Dropped,
  trans: TranslationBundle
): Promise<ArrayBuffer> {
  try {
    return await file.arrayBuffer();
  } catch (reason) {
    throw refusal(
      'unreadable',
      trans.__('%1 cannot be read: %2', file.name, String(reason)),
      trans.__('Drop a file, and no folder.')
    );
  }
}

/** UTF-8, or UTF-16 with its mark; `null` for anything else. */
function decoded(buffer: ArrayBuffer): string | null {
  const [one, two] = new Uint8Array(buffer);
  const encoding =
    one === 0xff && two === 0xfe
      ? 'utf-16le'
      : one === 0xfe && two === 0xff
        ? 'utf-16be'
        : 'utf-8';
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(buffer);
    return text.includes('\0') ? null : text;
  } catch {
    return null;
  }
}

function refusal(code: string, message: string, remedy: string): EnvlinkError {
  return new EnvlinkError({ code, message, remedy, details: {} });
}
