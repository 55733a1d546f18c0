import type { Envlink } from './tokens';

import type { TranslationBundle } from '@jupyterlab/translation';

/** A command that is offered as a button. */
export interface IOffer {
  command: string;
  args?: { [name: string]: boolean };
  text: string;
  /** For screen readers and as a tip: with the name of the environment. */
  label: string;
  tone?: 'main' | 'warn';
  /** Why it cannot be done now. */
  reason: string | null;
}

/** What an offer depends on. */
export interface ISituation {
  environment: Envlink.IEnvironment;
  busy: boolean;
  readOnly: boolean;
  trans: TranslationBundle;
}

/** Where nothing else is said, it has to wait while something else is done. */
export function offer(
  situation: ISituation,
  command: string,
  more: Partial<IOffer> & Pick<IOffer, 'text' | 'label'>
): IOffer {
  return { command, reason: waiting(situation), ...more };
}

/** Why nothing can be done with it at the moment. */
export function waiting({ busy, trans }: ISituation): string | null {
  return busy ? trans.__('Something is being done with it.') : null;
}

/** Why nothing can be made or changed here at all. */
export function forbidden({ readOnly, trans }: ISituation): string | null {
  return readOnly
    ? trans.__('Whoever runs this server allows no changes to environments.')
    : null;
}

/** Why it cannot be changed now. */
export function changeObstacle(situation: ISituation): string | null {
  const { environment } = situation;
  return (
    waiting(situation) ?? environment.not_changeable ?? forbidden(situation)
  );
}
