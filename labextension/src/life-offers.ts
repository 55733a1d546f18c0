import { CommandIDs } from './ids';
import type { IOffer, ISituation } from './offer';
import { changeObstacle, forbidden, offer, waiting } from './offer';

/** What changes the environment itself, or makes another of it. */
export function update(situation: ISituation): IOffer {
  const { environment, trans } = situation;
  return offer(situation, CommandIDs.update, {
    text: trans.__('Update…'),
    label: trans.__('Update %1 from a file', environment.name),
    reason: changeObstacle(situation)
  });
}

export function clone(situation: ISituation): IOffer {
  const { environment, trans } = situation;
  return offer(situation, CommandIDs.clone, {
    text: trans.__('Clone…'),
    label: trans.__('Make a copy of %1', environment.name),
    reason: waiting(situation) ?? forbidden(situation)
  });
}

export function rename(situation: ISituation): IOffer {
  const { environment, trans } = situation;
  return offer(situation, CommandIDs.rename, {
    text: trans.__('Rename…'),
    label: trans.__('Give %1 another name', environment.name),
    reason: changeObstacle(situation)
  });
}

export function remove(situation: ISituation): IOffer {
  const { environment, trans } = situation;
  return offer(situation, CommandIDs.remove, {
    text: trans.__('Remove…'),
    label: trans.__('Remove %1 from the disk', environment.name),
    tone: 'warn',
    reason:
      waiting(situation) ?? environment.not_removable ?? forbidden(situation)
  });
}
