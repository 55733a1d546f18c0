import type { IPart, Kind } from './shares';
import { KINDS } from './shares';

import * as React from 'react';

/** Told apart without colour, too: plain, dotted, crossed, striped. */
export function Patterns(props: { id: string }): JSX.Element {
  return (
    <defs>
      {KINDS.map(kind => (
        <pattern
          key={kind}
          id={`${props.id}-${kind}`}
          className={`jp-EnvlinkView-${kind}`}
          width="6"
          height="6"
          patternUnits="userSpaceOnUse"
        >
          <rect width="6" height="6" />
          <path d={MARKS[kind]} />
        </pattern>
      ))}
    </defs>
  );
}

const MARKS: { [kind in Kind]: string } = {
  unique: '',
  generations: 'M2 3h2',
  elsewhere: 'M0 0l6 6M6 0l-6 6',
  cache: 'M0 6l6 -6'
};

/** The same patterns as a key: what each stands for. */
export function Swatch(props: { kind: Kind }): JSX.Element {
  const id = React.useId();
  return (
    <svg
      className="jp-EnvlinkView-swatch"
      viewBox="0 0 16 16"
      aria-hidden="true"
    >
      <Patterns id={id} />
      <rect width="16" height="16" fill={`url(#${id}-${props.kind})`} />
    </svg>
  );
}

/** A bar in a row of the table: the row's share of the largest one, by where else its bytes are. */
export function Bar(props: { part: IPart; largest: number }): JSX.Element {
  const id = React.useId();
  const { largest, part } = props;
  let at = 0;
  return (
    <svg
      className="jp-EnvlinkView-barPicture"
      viewBox="0 0 100 10"
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <Patterns id={id} />
      {KINDS.map(kind => {
        const width = (100 * part.share[kind]) / largest;
        const x = at;
        at += width;
        return (
          <rect
            key={kind}
            x={x}
            width={width}
            height="10"
            fill={`url(#${id}-${kind})`}
          />
        );
      })}
    </svg>
  );
}
