import type { ISubject } from '../use-plan';
import type { IBeginning } from './beginning';

/** What a plan is asked about; `null` while that is not said. */
export function subjectOf(wish: Readonly<IBeginning>): ISubject | null {
  const { id, name, operation, prune = false } = wish;
  if (operation === 'create') {
    return { quick: name === undefined ? {} : { name }, lasting: {} };
  }
  const asked = { environment: id ?? '', prune };
  return id === undefined ? null : { quick: asked, lasting: asked };
}
