import type { TranslationBundle } from '@jupyterlab/translation';

import { structuredPatch } from 'diff';
import * as React from 'react';

/** Unchanged lines that are shown around a changed one. */
const CONTEXT = 2;

/** What changes in a text, line by line. */
export function Changed(props: {
  before: string;
  after: string;
  trans: TranslationBundle;
}): JSX.Element {
  const { after, before, trans } = props;
  const lines = React.useMemo(() => changes(before, after), [before, after]);
  return (
    <pre
      className="jp-Envlink-changed"
      tabIndex={0}
      role="group"
      aria-label={trans.__('The changed lines')}
    >
      {lines.map((line, index) => (
        <Line key={index} line={line} />
      ))}
    </pre>
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
