import type { Envlink } from '../tokens';
import {
  environmentLabels,
  environmentSign,
  languageWord,
  sizeWord
} from '../words';

import type { TranslationBundle } from '@jupyterlab/translation';

/** How many kernels run in an environment; nothing where none does. */
export function runningWord(
  { running }: Envlink.IEnvironment,
  trans: TranslationBundle
): string {
  return running.length > 0
    ? trans._n('%1 kernel running', '%1 kernels running', running.length)
    : '';
}

/** Whether its kernels are in the menu: where its state does not say so already. */
export function attachedWord(
  { attached, kernels, state }: Envlink.IEnvironment,
  trans: TranslationBundle
): string {
  return state !== 'ready' && attached && kernels.length > 0
    ? trans.__('in the kernel menu')
    : '';
}

/** What it takes on the disk; nothing where that is not known. */
export function diskWord({ size }: Envlink.IEnvironment): string {
  return size ? sizeWord(size.total) : '';
}

/** When a kernel ran in it last; nothing where that is not known. */
export function lastUsedWord(
  { last_used: lastUsed, running }: Envlink.IEnvironment,
  trans: TranslationBundle
): string {
  if (!lastUsed || running.length > 0) {
    return '';
  }
  const days = Math.floor((Date.now() - Date.parse(lastUsed)) / 86400000);
  if (days < 1) {
    return trans.__('used today');
  }
  return days < 60
    ? trans._n('used %1 day ago', 'used %1 days ago', days)
    : trans.__('used %1 months ago', Math.round(days / 30));
}

/** Everything that a row shows, for whoever hears it. */
export function rowLabel(
  environment: Envlink.IEnvironment,
  trans: TranslationBundle
): string {
  const { attached, name, state } = environment;
  return [
    name,
    languageWord(environment),
    environmentSign(environment, trans).word,
    attached && state === 'ready' ? trans.__('in the kernel menu') : '',
    attachedWord(environment, trans),
    ...environmentLabels(environment, trans).map(each => each.text),
    runningWord(environment, trans),
    diskWord(environment),
    lastUsedWord(environment, trans)
  ]
    .filter(Boolean)
    .join(', ');
}
