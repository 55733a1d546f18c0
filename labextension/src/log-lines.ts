import { phaseWord } from './job-words';
import type { Envlink } from './tokens';

import type { TranslationBundle } from '@jupyterlab/translation';

/** A line of a log, as it is shown: all are equally high. */
export interface ILine {
  kind: 'phase' | 'line' | 'error';
  text: string;
}

/** The lines of what a job has said: an entry may have several. */
export function linesOf(
  entries: readonly Envlink.ILogEntry[],
  trans: TranslationBundle
): ILine[] {
  const lines: ILine[] = [];
  for (const { kind, phase, text } of entries) {
    if (kind === 'phase' && phase) {
      lines.push({ kind: 'phase', text: phaseWord(phase, trans) });
    }
    const said = kind === 'error' ? 'error' : 'line';
    for (const each of text.split('\n')) {
      if (each || kind !== 'phase') {
        lines.push({ kind: said, text: each });
      }
    }
  }
  return lines;
}

/** In which lines a text is found, whatever its case; none for an empty one. */
export function findIn(lines: readonly ILine[], wanted: string): number[] {
  const found: number[] = [];
  const low = wanted.toLowerCase();
  for (let index = 0; low && index < lines.length; index++) {
    if (lines[index].text.toLowerCase().includes(low)) {
      found.push(index);
    }
  }
  return found;
}

/** A line in parts, those at odd places being what was looked for. */
export function partsOf(text: string, wanted: string): string[] {
  const low = wanted.toLowerCase();
  // Where a letter becomes two in lower case, places do not correspond.
  if (!low || text.toLowerCase().length !== text.length) {
    return [text];
  }
  const parts: string[] = [];
  let begin = 0;
  for (;;) {
    const at = text.toLowerCase().indexOf(low, begin);
    if (at < 0) {
      return [...parts, text.slice(begin)];
    }
    parts.push(text.slice(begin, at), text.slice(at, at + low.length));
    begin = at + low.length;
  }
}

/** Lines as text, from one to another, both included. */
export function textOf(
  lines: readonly ILine[],
  first = 0,
  last = lines.length - 1
): string {
  return lines
    .slice(first, last + 1)
    .map(each => each.text)
    .join('\n');
}
