import type { TranslationBundle } from '@jupyterlab/translation';

/** The ways in which a new environment begins, in the order in which they are offered. */
export const WAYS = ['packages', 'file', 'paste', 'url', 'existing'] as const;

export type Way = (typeof WAYS)[number];

/** Whether a text names one. */
export function isWay(text: string): text is Way {
  return (WAYS as readonly string[]).includes(text);
}

/** What a way is called. */
export function wayWord(way: Way, trans: TranslationBundle): string {
  switch (way) {
    case 'packages':
      return trans.__('List of packages');
    case 'file':
      return trans.__('File on the server');
    case 'paste':
      return trans.__('Pasted text');
    case 'url':
      return trans.__('Web address');
    case 'existing':
      return trans.__('Existing environment');
  }
}
