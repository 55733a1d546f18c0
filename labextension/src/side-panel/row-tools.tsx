import { nextOffers } from '../offers';
import { ActionButton } from '../parts';
import { CommandIDs } from '../ids';
import type { IRowProps } from './environment-cell';
import { openRowMenu } from './row-menu';

import { ellipsesIcon, notebookIcon } from '@jupyterlab/ui-components';

import * as React from 'react';

/** The two buttons at the end of each row: a notebook in it, where that is possible, and everything else. */
export function RowTools(props: IRowProps): JSX.Element {
  const { commands, environment, trans } = props;
  const { id, name } = environment;
  const notebook = nextOffers(props).find(
    each => each.command === CommandIDs.openNotebook
  );
  return (
    <span className="jp-Envlink-tools">
      {notebook && (
        <ActionButton
          tone="icon"
          label={notebook.label}
          reason={notebook.reason}
          onClick={() => void commands.execute(notebook.command, { id })}
        >
          <notebookIcon.react tag="span" className="jp-Envlink-icon" />
        </ActionButton>
      )}
      <ActionButton
        tone="icon"
        label={trans.__('All that can be done with %1', name)}
        opens="menu"
        onClick={event => openRowMenu(event.currentTarget)}
      >
        <ellipsesIcon.react tag="span" className="jp-Envlink-icon" />
      </ActionButton>
    </span>
  );
}
