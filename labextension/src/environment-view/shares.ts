import type { Envlink } from '../tokens';

import type { TranslationBundle } from '@jupyterlab/translation';

/** Tells packages apart: of one name there may be conda's and one of Python's installers. */
export function keyOf(
  held: Pick<Envlink.IInstalledPackage, 'manager' | 'name'>
): string {
  return `${held.manager} ${held.name}`;
}

/** Where else the bytes are, in the order in which they are drawn. */
export const KINDS = ['unique', 'generations', 'elsewhere', 'cache'] as const;

export type Kind = (typeof KINDS)[number];

/** A row of the table, a tile of the picture. */
export interface IPart {
  key: string;
  name: string;
  share: Envlink.IShare;
  isPackage: boolean;
}

/** Packages and what belongs to none, the largest first. */
export function parts(
  usage: Envlink.IDiskUsage,
  trans: TranslationBundle
): IPart[] {
  const packages = usage.packages.map(each => ({
    key: keyOf(each),
    name: each.name,
    share: each,
    isPackage: true
  }));
  const rest = usage.rest.map(each => ({
    key: `rest ${each.kind}`,
    name: restWord(each.kind, trans),
    share: each,
    isPackage: false
  }));
  return [...packages, ...rest]
    .filter(each => each.share.total > 0)
    .sort((one, other) => other.share.total - one.share.total);
}

/** What belongs to no package. */
function restWord(
  kind: Envlink.IRestShare['kind'],
  trans: TranslationBundle
): string {
  switch (kind) {
    case 'bytecode':
      return trans.__('Compiled modules (__pycache__)');
    case 'records':
      return trans.__('History and state of conda');
    case 'folders':
      return trans.__('Folders themselves');
    case 'other':
      return trans.__('Other files');
  }
}

/** Where else bytes of a kind are. */
export function kindWord(kind: Kind, trans: TranslationBundle): string {
  switch (kind) {
    case 'unique':
      return trans.__('Only here');
    case 'generations':
      return trans.__('Also in its earlier states');
    case 'elsewhere':
      return trans.__('Also in other environments or caches');
    case 'cache':
      return trans.__('Also in the package cache');
  }
}
