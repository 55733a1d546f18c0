import type { Envlink } from '../tokens';

/** What the table of packages can be sorted by. */
export type Column = 'name' | 'version' | 'build' | 'channel' | 'disk';

/** By which column, and which way. */
export interface IOrder {
  column: Column;
  isDescending: boolean;
}

/** Where a package came from, in one word: the last part of a channel's address, or `pip`. */
export function sourceWord({
  channel,
  manager
}: Envlink.IInstalledPackage): string {
  if (manager === 'pip') {
    return 'pip';
  }
  return channel?.replace(/\/+$/, '').split('/').pop() ?? 'conda';
}

/** Those whose name, version or source holds each word of `query`. */
export function matching(
  packages: readonly Envlink.IInstalledPackage[],
  query: string
): Envlink.IInstalledPackage[] {
  const words = query.trim().toLowerCase().split(/\s+/);
  return packages.filter(each => {
    const text = [each.name, each.version, each.manager, sourceWord(each)]
      .join(' ')
      .toLowerCase();
    return words.every(word => text.includes(word));
  });
}

const collator = new Intl.Collator(undefined, { numeric: true });

/** In order; without one, what somebody has asked for comes first. */
export function sorted(
  packages: readonly Envlink.IInstalledPackage[],
  order: IOrder | null
): Envlink.IInstalledPackage[] {
  const compare = order ? comparer(order) : byRequest;
  return [...packages].sort(
    (one, other) =>
      compare(one, other) || collator.compare(one.name, other.name)
  );
}

type Compare = (
  one: Envlink.IInstalledPackage,
  other: Envlink.IInstalledPackage
) => number;

const byRequest: Compare = (one, other) =>
  Number(one.requested === null) - Number(other.requested === null);

function comparer({ column, isDescending }: IOrder): Compare {
  const sign = isDescending ? -1 : 1;
  if (column === 'disk') {
    return (one, other) => sign * ((one.disk ?? -1) - (other.disk ?? -1));
  }
  const key = (each: Envlink.IInstalledPackage) =>
    column === 'channel' ? sourceWord(each) : each[column];
  return (one, other) => sign * collator.compare(key(one), key(other));
}
