import type { EnvlinkError } from '../error';
import { hasEnded } from '../jobs';
import { hasErrors } from '../diagnostics';
import type { Envlink } from '../tokens';
import type { IPlanState } from '../use-plan';

import type { TranslationBundle } from '@jupyterlab/translation';

/** What the button depends on. */
export interface ISituation extends IPlanState {
  operation: Envlink.IPlan['operation'];
  /** Whether it is said what is to be updated. */
  isChosen: boolean;
  /** Whether whoever runs the server lets nothing be changed. */
  readOnly: boolean;
  /** What was begun from here. */
  job: Envlink.IJob | null;
  isStarting: boolean;
  error: EnvlinkError | null;
}

/** Why nothing can be created or updated now; `null` where it can be. */
export function obstacle(
  situation: ISituation,
  trans: TranslationBundle
): string | null {
  const { isChosen, job, isStarting, readOnly } = situation;
  if (readOnly) {
    return trans.__(
      'Whoever runs this server allows no changes to environments.'
    );
  }
  if (isStarting || (job && !hasEnded(job))) {
    return trans.__('It is under way.');
  }
  if (isMade(situation)) {
    return trans.__('It is made. Another one needs another name.');
  }
  return isChosen
    ? obstacleOfPlan(situation, trans)
    : trans.__('Choose an environment first.');
}

/** Whether what would be created has been created from here. */
export function isMade({
  job,
  plan
}: Pick<ISituation, 'job' | 'plan'>): boolean {
  return (
    plan?.operation === 'create' &&
    job?.status === 'succeeded' &&
    job.name === plan.name
  );
}

function obstacleOfPlan(
  { error, isStale, plan, solved }: ISituation,
  trans: TranslationBundle
): string | null {
  if (error) {
    return error.message;
  }
  if (isStale || plan === null) {
    return trans.__('The file is being looked at…');
  }
  if (hasErrors(plan.diagnostics)) {
    const count = plan.diagnostics.filter(each => each.severity === 'error');
    return trans._n(
      'There is %1 error in the file.',
      'There are %1 errors in the file.',
      count.length
    );
  }
  if (plan.name_problem) {
    return plan.name_problem.message;
  }
  if (solved?.conflict) {
    return solved.conflict.code === 'conflict'
      ? trans.__('The packages do not go together.')
      : trans.__('What the file asks for cannot be had.');
  }
  return plan.prefix === null
    ? trans.__('There is no place for it: give it a name.')
    : null;
}
