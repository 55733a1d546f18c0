import type { EnvlinkError } from './error';
import type { Envlink, IEnvlinkModel } from './tokens';
import type { ILabel, ISign } from './words';

import type { TranslationBundle } from '@jupyterlab/translation';

import type { CommandRegistry } from '@lumino/commands';

import * as React from 'react';

/** What every view is given. */
export interface IViewProps {
  commands: CommandRegistry;
  model: IEnvlinkModel;
  trans: TranslationBundle;
}

/** A state: its icon and its word. */
export function Sign(props: { sign: ISign }): JSX.Element {
  const { icon: Icon, tone, word } = props.sign;
  return (
    <span className={`jp-Envlink-sign jp-Envlink-sign-${tone}`}>
      <Icon.react tag="span" className="jp-Envlink-icon" aria-hidden="true" />
      <span className="jp-Envlink-word">{word}</span>
    </span>
  );
}

/** Properties, each as one word with its meaning as a tip. */
export function Labels(props: { labels: ILabel[] }): JSX.Element {
  return (
    <>
      {props.labels.map(({ meaning, text }) => (
        <span key={text} className="jp-Envlink-label" title={meaning}>
          {text}
        </span>
      ))}
    </>
  );
}

/** Why something is not all it could be, and what to do about it. */
export function Problem(props: {
  problem: Envlink.IProblem;
  className?: string;
}): JSX.Element {
  const { className = 'jp-Envlink-problem', problem } = props;
  return (
    <div className={className}>
      <p className="jp-Envlink-message">{problem.message}</p>
      {problem.remedy && <p className="jp-Envlink-remedy">{problem.remedy}</p>}
    </div>
  );
}

/** Whether Tab reaches the buttons within: of a list with many rows those of one row are enough. */
export const Tabbing = React.createContext(0);

/** A button with words on it. With a `reason` it says why it cannot be used, and stays reachable by keyboard. */
export function ActionButton(props: {
  children: React.ReactNode;
  label: string;
  onClick: (event: React.MouseEvent<HTMLElement>) => void;
  reason?: string | null;
  tone?: 'main' | 'warn' | 'icon';
  expanded?: boolean;
  opens?: 'menu';
}): JSX.Element {
  const { children, expanded, label, onClick, opens, reason, tone } = props;
  const tabIndex = React.useContext(Tabbing);
  const classes = ['jp-Envlink-button'];
  if (tone) {
    classes.push(`jp-Envlink-button-${tone}`);
  }
  return (
    <button
      type="button"
      className={classes.join(' ')}
      aria-label={label}
      aria-disabled={reason ? true : undefined}
      aria-expanded={expanded}
      aria-haspopup={opens}
      tabIndex={tabIndex}
      title={reason ?? label}
      onClick={reason ? undefined : onClick}
    >
      {children}
    </button>
  );
}

/** A sentence; where lines follow it, they are drawn as a solver wrote them. */
function Message(props: { text: string }): JSX.Element {
  const [first, ...tree] = props.text.split('\n');
  return (
    <>
      <p className="jp-Envlink-message">{first}</p>
      {tree.length > 0 && (
        <div className="jp-Envlink-message jp-Envlink-message-tree">
          {tree.join('\n')}
        </div>
      )}
    </>
  );
}

/** What went wrong and what to do, with the buttons that help. */
export function ErrorBox(props: {
  error: Pick<EnvlinkError, 'message' | 'remedy'>;
  children?: React.ReactNode;
}): JSX.Element {
  const { error, children } = props;
  return (
    <div className="jp-Envlink-error" role="alert">
      <Message text={error.message} />
      {error.remedy && <p className="jp-Envlink-remedy">{error.remedy}</p>}
      {children && <div className="jp-Envlink-buttons">{children}</div>}
    </div>
  );
}
