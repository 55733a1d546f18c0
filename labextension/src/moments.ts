import type { Envlink } from './tokens';

import type { TranslationBundle } from '@jupyterlab/translation';

/** A moment as the reader's place writes it, in the reader's time zone. */
export function timeWord(moment: string): string {
  return new Date(moment).toLocaleString(undefined, {
    dateStyle: 'short',
    timeStyle: 'short'
  });
}

/** Up to when a generation was what the environment is. */
export function generationWord(
  { operation }: Envlink.IGeneration,
  trans: TranslationBundle
): string {
  switch (operation) {
    case 'update':
      return trans.__('Before an update');
    case 'install-kernel':
      return trans.__('Before a kernel was installed');
    case 'roll-back':
      return trans.__('Before a roll back');
  }
}
