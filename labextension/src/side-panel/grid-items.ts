import type { Envlink } from '../tokens';
import { environmentLabels, environmentSign, languageWord } from '../words';

import type { TranslationBundle } from '@jupyterlab/translation';

import * as React from 'react';

/** The key of the row that folds those away which are hidden from the kernel menu. */
export const HIDDEN = 'hidden';

/** A row of the list, and where it stands among those of its level. */
export interface IGridItem {
  key: string;
  level: 1 | 2;
  position: number;
  size: number;
  /** Missing for the row that folds the hidden ones. */
  environment?: Envlink.IEnvironment;
  /** How many are folded in it. */
  count: number;
}

/** The rows for some environments: those in the menu, then the hidden ones, folded or not. */
export function gridItems(
  environments: readonly Envlink.IEnvironment[],
  showsHidden: boolean
): IGridItem[] {
  const listed = environments.filter(each => !each.hidden);
  const hidden = environments.filter(each => each.hidden);
  const size = listed.length + (hidden.length > 0 ? 1 : 0);
  const items = listed.map((each, index) => rowOf(each, 1, index, size));
  if (hidden.length > 0) {
    const count = hidden.length;
    items.push({ key: HIDDEN, level: 1, position: size, size, count });
  }
  return showsHidden
    ? [
        ...items,
        ...hidden.map((each, index) => rowOf(each, 2, index, hidden.length))
      ]
    : items;
}

function rowOf(
  environment: Envlink.IEnvironment,
  level: 1 | 2,
  index: number,
  size: number
): IGridItem {
  const position = index + 1;
  return { key: environment.id, level, position, size, environment, count: 0 };
}

/** Those that have `query` in one of their words. */
export function useFiltered(
  environments: readonly Envlink.IEnvironment[],
  query: string,
  trans: TranslationBundle
): readonly Envlink.IEnvironment[] {
  const wanted = query.trim().toLocaleLowerCase();
  const texts = React.useMemo(
    () => environments.map(each => searched(each, trans)),
    [environments, trans]
  );
  return React.useMemo(
    () =>
      wanted
        ? environments.filter((_, index) => texts[index].includes(wanted))
        : environments,
    [environments, texts, wanted]
  );
}

function searched(
  environment: Envlink.IEnvironment,
  trans: TranslationBundle
): string {
  return [
    environment.name,
    environment.title,
    environment.prefix,
    languageWord(environment),
    environment.state,
    environmentSign(environment, trans).word,
    ...environmentLabels(environment, trans).map(each => each.text)
  ]
    .join('\n')
    .toLocaleLowerCase();
}
