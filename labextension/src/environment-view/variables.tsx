import { CommandIDs } from '../ids';
import { ActionButton } from '../parts';
import type { Envlink } from '../tokens';
import type { IDetailProps } from './parts';

import type { TranslationBundle } from '@jupyterlab/translation';

import * as React from 'react';

const SOURCES = ['state', 'package', 'kernel', 'activation'] as const;

/** What is set where it is activated, by who says so. */
export function ActivatedVariables(props: IDetailProps): JSX.Element {
  const { commands, detail, environment, trans } = props;
  return (
    <>
      {SOURCES.map(source => (
        <Source
          key={source}
          title={sourceTitle(source, trans)}
          variables={detail.activated.filter(each => each.source === source)}
          trans={trans}
        />
      ))}
      <ActionButton
        label={trans.__('Variables of the kernels of %1', environment.name)}
        reason={
          environment.state === 'ready'
            ? null
            : trans.__('It has no kernel that they could be set for.')
        }
        onClick={() =>
          void commands.execute(CommandIDs.kernelSettings, {
            id: environment.id
          })
        }
      >
        {trans.__('Kernel settings…')}
      </ActionButton>
    </>
  );
}

function sourceTitle(
  source: Envlink.IShownVariable['source'],
  trans: TranslationBundle
): string {
  switch (source) {
    case 'state':
      return trans.__('Of the environment');
    case 'package':
      return trans.__('Of its packages');
    case 'kernel':
      return trans.__('Your own, for its kernels');
    case 'activation':
      return trans.__('Set by any activation');
  }
}

function Source(props: {
  title: string;
  variables: Envlink.IShownVariable[];
  trans: TranslationBundle;
}): JSX.Element | null {
  const { title, trans, variables } = props;
  return variables.length > 0 ? (
    <table className="jp-EnvlinkView-table jp-EnvlinkView-variables">
      <caption>{title}</caption>
      <thead>
        <tr>
          <th scope="col">{trans.__('Name')}</th>
          <th scope="col">{trans.__('Value')}</th>
        </tr>
      </thead>
      <tbody>
        {variables.map(({ name, value }) => (
          <tr key={name}>
            <th scope="row">
              <code>{name}</code>
            </th>
            <td>
              {value === null ? (
                <em>{trans.__('Not shown: it looks like a secret.')}</em>
              ) : (
                <bdi className="jp-EnvlinkView-value">{value}</bdi>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  ) : null;
}
