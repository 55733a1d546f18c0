/** A place in a text; lines and columns count from 1, the end is exclusive. */
export interface IPlace {
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
}

/** A line of a text in three parts, the middle one of which is at a place. */
export function marked(text: string, place: IPlace): [string, string, string] {
  const line = Array.from(text.split(/\r\n|[\n\r]/)[place.line - 1] ?? '');
  const end = place.endLine === place.line ? place.endColumn - 1 : line.length;
  return [
    line.slice(0, place.column - 1).join(''),
    line.slice(place.column - 1, end).join(''),
    line.slice(end).join('')
  ];
}
