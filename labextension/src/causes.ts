import type { IPlace } from './lines';
import type { Envlink } from './tokens';

/** The lines that an error is about. */
export function causesOf(error: Envlink.IErrorBody | null): Envlink.ICause[] {
  return error?.details.causes ?? [];
}

/** Where a cause stands in the file, if it does. */
export function placeOf(cause: Envlink.ICause): IPlace | null {
  const { column, end_column: endColumn, end_line: endLine, line } = cause;
  return line === null ||
    column === null ||
    endLine === null ||
    endColumn === null
    ? null
    : { line, column, endLine, endColumn };
}
