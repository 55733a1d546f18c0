import { ActionButton } from './parts';

import type { TranslationBundle } from '@jupyterlab/translation';

import { structuredPatch } from 'diff';
import * as React from 'react';

/** Unchanged lines that are shown around a changed one. */
const CONTEXT = 2;

/** What has been changed in a file's text, line by line, before anything is made of it. */
export function Changed(props: {
  before: string;
  after: string;
  trans: TranslationBundle;
  /** Back to the file as it is on the disk. */
  onUndo?: () => void;
}): JSX.Element {
  const { after, before, onUndo, trans } = props;
  const lines = React.useMemo(() => changes(before, after), [before, after]);
  const count = lines.filter(line => !line.startsWith(' ')).length;
  return (
    <section className="jp-Envlink-changed" aria-label={trans.__('Changes')}>
      <p className="jp-Envlink-message" role="status">
        {trans._n(
          '%1 changed line. The file itself stays as it is.',
          '%1 changed lines. The file itself stays as it is.',
          count
        )}
      </p>
      <pre tabIndex={0} aria-label={trans.__('The changed lines')}>
        {lines.map((line, index) => (
          <Line key={index} line={line} />
        ))}
      </pre>
      {onUndo && (
        <ActionButton label={trans.__('Undo the changes')} onClick={onUndo}>
          {trans.__('Undo')}
        </ActionButton>
      )}
    </section>
  );
}

function Line(props: { line: string }): JSX.Element {
  const { line } = props;
  const Kind = line.startsWith('+')
    ? 'ins'
    : line.startsWith('-')
      ? 'del'
      : 'span';
  return <Kind>{`${line}\n`}</Kind>;
}

/** The lines of a unified diff without its heads. */
function changes(before: string, after: string): string[] {
  const { hunks } = structuredPatch('', '', before, after, '', '', {
    context: CONTEXT
  });
  return hunks
    .flatMap(hunk => hunk.lines)
    .filter(line => !line.startsWith('\\'))
    .map(line => line.replace(/\r$/, ''));
}
