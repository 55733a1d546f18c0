import type { Column, IOrder } from './package-rows';

import type { TranslationBundle } from '@jupyterlab/translation';

import * as React from 'react';

const CLASSES: { [column in Column]?: string } = {
  build: 'jp-EnvlinkView-build',
  disk: 'jp-EnvlinkView-number'
};

/** A column's head: pressed, it sorts by it; pressed twice, the other way round; three times, as it was. */
export function ColumnHead(props: {
  column: Column;
  order: IOrder | null;
  onOrder: (order: IOrder | null) => void;
  children: string;
  trans: TranslationBundle;
}): JSX.Element {
  const { children, column, onOrder, order, trans } = props;
  const isOwn = order?.column === column;
  const descending = isOwn && order.isDescending;
  const next = !isOwn
    ? { column, isDescending: column === 'disk' }
    : descending === (column === 'disk')
      ? { column, isDescending: !descending }
      : null;
  return (
    <th
      scope="col"
      className={CLASSES[column]}
      aria-sort={isOwn ? (descending ? 'descending' : 'ascending') : undefined}
    >
      <button
        type="button"
        title={trans.__('Sort by: %1', children)}
        onClick={() => onOrder(next)}
      >
        {children}
        <span aria-hidden="true">
          {isOwn ? (descending ? ' ▾' : ' ▴') : ''}
        </span>
      </button>
    </th>
  );
}
