import type { Envlink } from './tokens';

/** What ends a line of YAML. */
const BREAK = /\r\n|[\n\r\u0085\u2028\u2029]/g;

/** The text after all of the edits, whose places are those of the text; none may overlap another. */
export function applied(text: string, edits: Envlink.IEdit[]): string {
  const starts = lineStarts(text);
  let result = '';
  let at = 0;
  for (const edit of [...edits].sort(byPlace)) {
    result += text.slice(at, offset(text, starts, edit.line, edit.column));
    result += edit.text;
    at = offset(text, starts, edit.end_line, edit.end_column);
  }
  return result + text.slice(at);
}

/** Where a place begins and ends, in units of the text. */
export function rangeOf(
  text: string,
  place: { line: number; column: number; endLine: number; endColumn: number }
): [number, number] {
  const starts = lineStarts(text);
  return [
    offset(text, starts, place.line, place.column),
    offset(text, starts, place.endLine, place.endColumn)
  ];
}

/** Those of the edits, from the top, that can be made together: no two overlap, or are put in at one place. */
export function apart(edits: Envlink.IEdit[]): Envlink.IEdit[] {
  const taken: Envlink.IEdit[] = [];
  for (const edit of [...edits].sort(byPlace)) {
    const last = taken[taken.length - 1];
    if (!last || isBehind(edit, last)) {
      taken.push(edit);
    }
  }
  return taken;
}

function isBehind(edit: Envlink.IEdit, last: Envlink.IEdit): boolean {
  const gap = edit.line - last.end_line || edit.column - last.end_column;
  return gap > 0 || (gap === 0 && !isEmpty(edit) && !isEmpty(last));
}

function isEmpty(edit: Envlink.IEdit): boolean {
  return edit.line === edit.end_line && edit.column === edit.end_column;
}

function byPlace(one: Envlink.IEdit, other: Envlink.IEdit): number {
  return (
    one.line - other.line ||
    one.column - other.column ||
    one.end_line - other.end_line ||
    one.end_column - other.end_column
  );
}

function lineStarts(text: string): number[] {
  const first = text.startsWith('\ufeff') ? 1 : 0;
  return [
    first,
    ...[...text.matchAll(BREAK)].map(each => each.index! + each[0].length)
  ];
}

/** Columns count characters, of which some are two units of a JavaScript string. */
function offset(
  text: string,
  starts: number[],
  line: number,
  column: number
): number {
  if (line > starts.length) {
    return text.length;
  }
  let at = starts[line - 1];
  for (let passed = 1; passed < column && at < text.length; passed++) {
    at += text.codePointAt(at)! > 0xffff ? 2 : 1;
  }
  return at;
}
