import type { CommandRegistry } from '@lumino/commands';

/** A place in a text; lines and columns count from 1, the end is exclusive. */
export interface IPlace {
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
}

/** An editor of JupyterLab, as far as it is used here. */
interface IEditorWidget {
  context?: { ready: Promise<void> };
  content?: {
    editor?: {
      setSelection: (selection: { start: IPosition; end: IPosition }) => void;
      revealSelection: (selection: {
        start: IPosition;
        end: IPosition;
      }) => void;
      focus: () => void;
    };
  };
}

interface IPosition {
  line: number;
  column: number;
}

/** Open a file with a place of it selected; in what shows no text, just the file. */
export async function openAt(
  commands: CommandRegistry,
  path: string,
  place: IPlace
): Promise<void> {
  const widget = (await commands.execute('docmanager:open', {
    path,
    factory: 'Editor'
  })) as IEditorWidget | undefined;
  await widget?.context?.ready;
  const editor = widget?.content?.editor;
  const selection = {
    start: { line: place.line - 1, column: place.column - 1 },
    end: { line: place.endLine - 1, column: place.endColumn - 1 }
  };
  editor?.setSelection(selection);
  editor?.revealSelection(selection);
  editor?.focus();
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
