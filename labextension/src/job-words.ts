import { warningIcon } from './icons';
import type { Envlink } from './tokens';
import type { ISign } from './words';
import { sizeWord } from './words';

import {
  checkIcon,
  errorIcon,
  refreshIcon,
  stopIcon
} from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';

/** How a job is. */
export function jobSign(
  status: Envlink.Status,
  trans: TranslationBundle
): ISign {
  switch (status) {
    case 'queued':
      return { word: trans.__('Waiting'), icon: refreshIcon, tone: 'quiet' };
    case 'running':
      return { word: trans.__('Running'), icon: refreshIcon, tone: 'busy' };
    case 'cancelling':
      return { word: trans.__('Cancelling'), icon: stopIcon, tone: 'busy' };
    case 'succeeded':
      return { word: trans.__('Done'), icon: checkIcon, tone: 'good' };
    case 'failed':
      return { word: trans.__('Failed'), icon: errorIcon, tone: 'bad' };
    case 'cancelled':
      return { word: trans.__('Cancelled'), icon: stopIcon, tone: 'quiet' };
    case 'interrupted':
      return {
        word: trans.__('Interrupted'),
        icon: warningIcon,
        tone: 'attention'
      };
  }
}

/** What a job is doing. */
export function phaseWord(
  phase: Envlink.Phase,
  trans: TranslationBundle
): string {
  switch (phase) {
    case 'solving':
      return trans.__('Solving');
    case 'downloading':
      return trans.__('Downloading packages');
    case 'installing':
      return trans.__('Installing packages');
    case 'pip':
      return trans.__('Installing with pip');
    case 'verifying':
      return trans.__('Verifying');
    case 'copying':
      return trans.__('Copying its files');
    case 'moving':
      return trans.__('Moving into place');
    case 'reading':
      return trans.__('Reading its files');
    case 'packing':
      return trans.__('Packing its files');
    case 'unpacking':
      return trans.__('Unpacking its files');
    case 'deleting':
      return trans.__('Deleting files');
  }
}

/** What a job does, to which environment. */
export function jobTitle(job: Envlink.IJob, trans: TranslationBundle): string {
  switch (job.operation) {
    case 'create':
      return trans.__('Create %1', job.name);
    case 'update':
      return trans.__('Update %1', job.name);
    case 'remove':
      return trans.__('Remove %1', job.name);
    case 'restore':
      return trans.__('Restore %1', job.name);
    case 'clone':
      return trans.__('Clone as %1', job.name);
    case 'rename':
      return trans.__('Rename to %1', job.name);
    case 'roll-back':
      return trans.__('Roll %1 back', job.name);
    case 'install-kernel':
      return trans.__('Install a kernel in %1', job.name);
    case 'overlay':
      return trans.__('Make an overlay for %1', job.name);
    case 'pack':
      return trans.__('Pack %1', job.name);
    case 'clean':
      return trans.__('Clean up');
  }
}

/** How much of what is downloaded is there; nothing where that is not known. */
export function bytesWord(
  { bytes }: Envlink.IJob,
  trans: TranslationBundle
): string {
  return bytes
    ? trans.__('%1 of %2', sizeWord(bytes.done), sizeWord(bytes.total))
    : '';
}
