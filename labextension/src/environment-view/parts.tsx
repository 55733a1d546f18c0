import { ActionButton, ErrorBox } from '../parts';
import type { Envlink, IEnvlinkModel } from '../tokens';
import type { IReading } from './reading';

import type { TranslationBundle } from '@jupyterlab/translation';

import type { CommandRegistry } from '@lumino/commands';

import * as React from 'react';

/** What each part of an environment's view is given. */
export interface IPartProps {
  commands: CommandRegistry;
  environment: Envlink.IEnvironment;
  model: IEnvlinkModel;
  trans: TranslationBundle;
}

/** A part that shows what the environment holds. */
export interface IDetailProps extends IPartProps {
  detail: Envlink.IEnvironmentDetail;
}

/** An answer of the server; until it is there, that it is awaited, or why it does not come. */
export function Answered<T>(props: {
  reading: IReading<T>;
  /** What is awaited, in a sentence. */
  awaited: string;
  draw: (value: T) => JSX.Element;
  trans: TranslationBundle;
}): JSX.Element {
  const { awaited, draw, reading, trans } = props;
  const { again, error, isReading, value } = reading;
  return (
    <>
      {error && (
        <ErrorBox error={error}>
          <ActionButton
            label={trans.__('Ask the server again')}
            onClick={again}
          >
            {trans.__('Retry')}
          </ActionButton>
        </ErrorBox>
      )}
      {value === null && isReading && (
        <p className="jp-EnvlinkView-quiet" role="status">
          {awaited}
        </p>
      )}
      {value !== null && draw(value)}
    </>
  );
}

/** Files that could not be read, where there are any. */
export function Unreadable(props: {
  paths: string[];
  said: string;
}): JSX.Element | null {
  const { paths, said } = props;
  return paths.length > 0 ? (
    <div className="jp-Envlink-problem">
      <p className="jp-Envlink-message">{said}</p>
      <ul>
        {paths.map(path => (
          <li key={path}>
            <bdi>{path}</bdi>
          </li>
        ))}
      </ul>
    </div>
  ) : null;
}
