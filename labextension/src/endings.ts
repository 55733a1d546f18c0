import type { Envlink } from './tokens';
import { sizeWord } from './words';

import type { TranslationBundle } from '@jupyterlab/translation';

/** What has come of a job that succeeded. */
export function successWords(
  job: Envlink.IJob,
  trans: TranslationBundle
): string {
  const name = job.result?.name ?? job.name;
  switch (job.operation) {
    case 'create':
    case 'clone':
      return trans.__('%1 is ready, and in the kernel menu.', name);
    case 'update':
      return job.result?.changed === false
        ? trans.__('%1 has what the file asks for already.', name)
        : trans.__('%1 was updated.', name);
    case 'restore':
      return trans.__('%1 is back, and in the kernel menu.', name);
    case 'rename':
      return trans.__('%1 has its new name, in the kernel menu too.', name);
    case 'roll-back':
      return trans.__('%1 is what it was before.', name);
    case 'install-kernel':
      return trans.__('%1 has a kernel now.', name);
    case 'overlay':
      return trans.__(
        '%1 has a kernel now; the environment itself was not touched.',
        name
      );
    case 'remove':
      return trans.__('%1 was removed.', name);
    case 'clean':
      return trans.__('%1 were freed.', sizeWord(job.result?.bytes ?? 0));
    case 'pack':
      return trans.__('%1 is packed: %2', name, job.result?.path ?? '');
  }
}

/** What is left of a job that was cancelled. */
export function cancelledWords(
  job: Envlink.IJob,
  title: string,
  trans: TranslationBundle
): string {
  if (job.operation === 'clean') {
    return trans.__(
      '%1 was cancelled; what was deleted by then is gone.',
      title
    );
  }
  return ['create', 'clone'].includes(job.operation)
    ? trans.__('%1 was cancelled; nothing is left of it.', title)
    : trans.__('%1 was cancelled; nothing was changed.', title);
}

/** Whether kernels that ran in the environment still run from what it was before. */
export function outdatesKernels({ operation, result }: Envlink.IJob): boolean {
  return (
    ['update', 'rename', 'roll-back'].includes(operation) &&
    result?.changed !== false
  );
}
