import { timeWord } from './moments';
import type { Envlink } from './tokens';

import type { TranslationBundle } from '@jupyterlab/translation';

import * as React from 'react';

/** Which notebooks have used an environment lately; where none is known, when it was used last. */
export function NotebookUses(props: {
  uses: Envlink.IUses;
  trans: TranslationBundle;
}): JSX.Element {
  const { trans, uses } = props;
  const running = uses.running.map(each => each.path);
  const others = uses.notebooks.filter(({ path }) => !running.includes(path));
  if (others.length === 0) {
    return <p className="jp-Envlink-hint">{lastUse(uses, trans)}</p>;
  }
  return (
    <div className="jp-Envlink-running">
      <p className="jp-Envlink-message">
        {trans._n(
          'A notebook has used it lately:',
          '%1 notebooks have used it lately:',
          others.length
        )}
      </p>
      <ul>
        {others.map(({ file, path, used }) => (
          <li key={file} title={file}>
            <bdi>{path ?? file}</bdi>{' '}
            <time dateTime={used}>{timeWord(used)}</time>
          </li>
        ))}
      </ul>
    </div>
  );
}

function lastUse(
  { last_used, running, since }: Envlink.IUses,
  trans: TranslationBundle
): string {
  if (running.length > 0) {
    return '';
  }
  if (last_used) {
    return trans.__('It was used last at %1.', timeWord(last_used));
  }
  return since
    ? trans.__('No kernel of it was seen since %1.', timeWord(since))
    : trans.__('No use of it is recorded yet.');
}
