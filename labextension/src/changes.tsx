import type { Envlink } from './tokens';
import { sizeWord } from './words';

import type { TranslationBundle } from '@jupyterlab/translation';

import * as React from 'react';

/** The kinds of change, in the order in which they are shown. */
const KINDS = ['install', 'upgrade', 'downgrade', 'rebuild', 'remove'] as const;

/** So many rows are read at one glance. */
export const FEW = 10;

type Kind = (typeof KINDS)[number];

/** `12 to install`, `3 to upgrade`: of each kind of change there is. */
export function countWords(
  changes: Envlink.IChanges,
  trans: TranslationBundle
): string[] {
  return KINDS.filter(kind => changes[kind].length > 0).map(kind =>
    countWord(kind, changes[kind].length, trans)
  );
}

/** Whether every package stays as it is. */
export function changesNothing(changes: Envlink.IChanges): boolean {
  return KINDS.every(kind => changes[kind].length === 0);
}

/** Words as a sentence; without any, nothing changes. */
export function sentence(words: string[], trans: TranslationBundle): string {
  return words.length > 0
    ? `${words.join(', ')}.`
    : trans.__('Nothing changes.');
}

function countWord(kind: Kind, count: number, trans: TranslationBundle) {
  switch (kind) {
    case 'install':
      return trans.__('%1 to install', count);
    case 'upgrade':
      return trans.__('%1 to upgrade', count);
    case 'downgrade':
      return trans.__('%1 to downgrade', count);
    case 'rebuild':
      return trans.__('%1 to rebuild', count);
    case 'remove':
      return trans.__('%1 to remove', count);
  }
}

/** What has to be downloaded, and what it holds on the disk; nothing where nothing comes. */
export function weightWords(
  solution: Envlink.ISolution,
  trans: TranslationBundle
): string {
  if (solution.disk_bytes === 0) {
    return '';
  }
  const download = sizeWord(solution.download_bytes);
  const disk = sizeWord(solution.disk_bytes);
  return solution.disk_exact
    ? trans.__('%1 to download, %2 on the disk.', download, disk)
    : trans.__('%1 to download, about %2 on the disk.', download, disk);
}

/** Each package that changes, by the kind of change; folded, as there may be hundreds, unless it is what counts. */
export function Changes(props: {
  changes: Envlink.IChanges;
  trans: TranslationBundle;
  isMain?: boolean;
}): JSX.Element {
  const { changes, isMain, trans } = props;
  return (
    <>
      {KINDS.filter(kind => changes[kind].length > 0).map(kind => (
        <Part
          key={kind}
          summary={countWord(kind, changes[kind].length, trans)}
          isOpen={isMain && changes[kind].length <= FEW}
        >
          {changes[kind].map(each => row(each))}
        </Part>
      ))}
    </>
  );
}

/** Changes of one kind, as rows of a table. */
export function Part(props: {
  summary: string;
  isOpen?: boolean;
  children: React.ReactNode;
}): JSX.Element {
  const { children, isOpen, summary } = props;
  return (
    <details className="jp-Envlink-changes" open={isOpen}>
      <summary>{summary}</summary>
      <table>
        <tbody>{children}</tbody>
      </table>
    </details>
  );
}

function row(change: Envlink.IPackage | Envlink.IMove): JSX.Element {
  const to = 'to' in change ? change.to : change;
  const from = 'to' in change ? change.from : null;
  return (
    <tr key={to.name} title={`${to.build} ${to.channel ?? ''}`.trim()}>
      <th scope="row">{to.name}</th>
      <td>{versionWords(from, to)}</td>
      <td>{to.size === null ? '' : sizeWord(to.size)}</td>
    </tr>
  );
}

/** The new version, and where it comes from. Of one version the builds differ, or else the channels. */
function versionWords(
  from: Envlink.IPackage | null,
  to: Envlink.IPackage
): string {
  if (from === null) {
    return to.version;
  }
  const differing = (['version', 'build', 'channel'] as const).find(
    key => from[key] !== to[key]
  );
  return differing ? `${from[differing]} → ${to[differing]}` : to.version;
}
