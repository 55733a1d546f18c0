import type { Envlink } from './tokens';

import type { TranslationBundle } from '@jupyterlab/translation';

/** Leftovers of one sort, under a heading. */
export interface IGroup {
  key: 'unused' | 'kept' | 'packages' | 'left';
  title: string;
  /** What is lost with them. */
  explanation: string;
  items: Envlink.ILeftover[];
}

/** Leftovers by what is lost with them, each group's largest first; none that is empty. */
export function groupsOf(
  items: readonly Envlink.ILeftover[],
  trans: TranslationBundle
): IGroup[] {
  const of = (...kinds: Envlink.LeftoverKind[]) =>
    items
      .filter(each => kinds.includes(each.kind))
      .sort((a, b) => (b.bytes ?? 0) - (a.bytes ?? 0));
  const groups: IGroup[] = [
    {
      key: 'unused',
      title: trans.__('Environments that nobody uses'),
      explanation: trans.__(
        'As far as Jupyter shows: what runs in a terminal alone is not seen. They can be restored for a while.'
      ),
      items: of('environment')
    },
    {
      key: 'kept',
      title: trans.__('Kept so that something can be undone'),
      explanation: trans.__(
        'Removed environments cannot be restored afterwards, others not be rolled back to these states.'
      ),
      items: of('removed', 'generation')
    },
    {
      key: 'packages',
      title: trans.__('Packages that no environment has'),
      explanation: trans.__(
        'Nothing is lost: what is needed again is downloaded again.'
      ),
      items: of('package')
    },
    {
      key: 'left',
      title: trans.__('Left behind'),
      explanation: trans.__('Nothing is lost: nothing stands behind it.'),
      items: of('job', 'spec', 'activation', 'unfinished')
    }
  ];
  return groups.filter(each => each.items.length > 0);
}

/** Those whose removal loses nothing: they are chosen from the start. */
export function harmless(items: readonly Envlink.ILeftover[]): Set<string> {
  const kept = ['environment', 'removed', 'generation'];
  return new Set(
    items.filter(each => !kept.includes(each.kind)).map(each => each.id)
  );
}

/** What all of them free. */
export function bytesOf(items: readonly Envlink.ILeftover[]): number {
  return items.reduce((sum, each) => sum + (each.bytes ?? 0), 0);
}
