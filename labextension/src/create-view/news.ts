import type { Envlink } from '../tokens';

import type { TranslationBundle } from '@jupyterlab/translation';

import * as React from 'react';

/** So many packages are named. */
const FEW = 3;

/** What a plan has that the plan before it had not, in a sentence; nothing for the first one. */
export function useNews(
  solved: Envlink.IPlan | null,
  trans: TranslationBundle
): string {
  const last = React.useRef<Envlink.IPlan | null>(null);
  const [news, setNews] = React.useState('');
  React.useEffect(() => {
    if (solved?.solution) {
      const before = last.current?.solution?.packages;
      setNews(before ? newsWords(before, solved.solution.packages, trans) : '');
      last.current = solved;
    }
  }, [solved]);
  return news;
}

/** What differs between two sets of packages. */
export function newsWords(
  before: Envlink.IPackage[],
  after: Envlink.IPackage[],
  trans: TranslationBundle
): string {
  const [old, now] = [new Set(before.map(word)), new Set(after.map(word))];
  const come = after.map(word).filter(each => !old.has(each));
  const gone = before.map(word).filter(each => !now.has(each));
  const said = [
    come.length > 0 ? trans.__('Now with %1.', list(come, trans)) : '',
    gone.length > 0 ? trans.__('No longer with %1.', list(gone, trans)) : ''
  ].filter(each => each);
  return said.length > 0
    ? said.join(' ')
    : trans.__('The same packages as before.');
}

function word({ name, version }: Envlink.IPackage): string {
  return `${name} ${version}`;
}

function list(words: string[], trans: TranslationBundle): string {
  const more = words.length - FEW;
  const few = words.slice(0, FEW).join(', ');
  return more > 0
    ? trans._n('%2 and %1 more', '%2 and %1 more', more, few)
    : few;
}
