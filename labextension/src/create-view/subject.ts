import type { IEnvlinkModel } from '../tokens';
import type { ISubject } from '../use-plan';
import type { IBeginning } from './beginning';

/** Whether it is said what is created or updated, and that is there. */
export function isChosen(
  { id, operation }: Readonly<IBeginning>,
  { environments }: Pick<IEnvlinkModel, 'environments'>
): boolean {
  return operation === 'create' || environments.some(each => each.id === id);
}

/** What a plan is asked about; `null` while that is not said. */
export function subjectOf(
  wish: Readonly<IBeginning>,
  model: Pick<IEnvlinkModel, 'environments'>
): ISubject | null {
  const { id, name, operation, prune = false } = wish;
  if (operation === 'create') {
    return { quick: name === undefined ? {} : { name }, lasting: {} };
  }
  const asked = { environment: id ?? '', prune };
  return isChosen(wish, model) ? { quick: asked, lasting: asked } : null;
}
