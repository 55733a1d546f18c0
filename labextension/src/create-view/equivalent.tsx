import type { Envlink } from '../tokens';
import type { IBeginning } from './beginning';
import type { IPaneProps } from './pane';

import * as React from 'react';

/** The command of a terminal that does the same, once the text is saved. `name` is that of the environment. */
export function equivalentCommand(
  { operation, path, prune }: Pick<IBeginning, 'operation' | 'path' | 'prune'>,
  name: string
): string {
  const file = quoted(path ?? 'environment.yml');
  return operation === 'update'
    ? `jupyter envlink update ${quoted(name)} -f ${file}${prune ? ' --prune' : ''}`
    : `jupyter envlink create -f ${file} -n ${quoted(name)}`;
}

/** A word as a POSIX shell takes it for one. */
function quoted(word: string): string {
  return /^[\w./+@%:=-]+$/.test(word)
    ? word
    : `'${word.replace(/'/g, `'\\''`)}'`;
}

/** The command, for whoever wants it. */
export function Equivalent(
  props: IPaneProps & { plan: Envlink.IPlan }
): JSX.Element {
  const { draft, model, plan, trans, wish } = props;
  const { id, name = plan.name, operation, prune } = wish.now;
  const updated = model.environments.find(each => each.id === id);
  const command = equivalentCommand(
    { operation, path: draft.named, prune },
    operation === 'update' ? (updated?.name ?? '') : name
  );
  return (
    <details className="jp-Envlink-equivalent">
      <summary>{trans.__('The same in a terminal')}</summary>
      <code tabIndex={0}>{command}</code>
    </details>
  );
}
