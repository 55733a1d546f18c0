import type { IPart, Kind } from './shares';
import { KINDS } from './shares';
import { sizeWord } from '../words';

import { hierarchy, treemap, treemapSquarify } from 'd3-hierarchy';

import * as React from 'react';

/** The picture's own measures; it is drawn as wide as there is room. */
const WIDTH = 960;
const HEIGHT = 300;

/** A tile at least so large has its name on it: a character is about 7 wide. */
const ROOM = { width: 56, height: 22, character: 7.2 };

interface INode {
  part?: IPart;
  kind?: Kind;
  bytes?: number;
  children?: INode[];
}

/** Each part a tile as large as its share of the disk, in it one for each place where its bytes are. */
export function DiskPicture(props: {
  parts: IPart[];
  /** What it shows, in words. */
  label: string;
}): JSX.Element {
  const id = React.useId();
  const root = React.useMemo(() => tiles(props.parts), [props.parts]);
  return (
    <svg
      className="jp-EnvlinkView-picture"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={props.label}
    >
      <Patterns id={id} />
      {(root.children ?? []).map(tile => (
        <g key={tile.data.part?.key}>
          <title>{titleOf(tile.data)}</title>
          {(tile.children ?? []).map(leaf => (
            <rect
              key={leaf.data.kind}
              {...box(leaf)}
              fill={`url(#${id}-${leaf.data.kind})`}
            />
          ))}
          <rect {...box(tile)} className="jp-EnvlinkView-tile" />
          <Label tile={tile} />
        </g>
      ))}
    </svg>
  );
}

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

type Tile = ReturnType<typeof tiles>;

function tiles(parts: IPart[]) {
  const root: INode = {
    children: parts.map(part => ({
      part,
      children: KINDS.map(kind => ({ kind, bytes: part.share[kind] })).filter(
        each => each.bytes > 0
      )
    }))
  };
  const sized = hierarchy(root).sum(node => node.bytes ?? 0);
  return treemap<INode>()
    .tile(treemapSquarify)
    .size([WIDTH, HEIGHT])
    .paddingInner(1)(sized);
}

function box({ x0, x1, y0, y1 }: Tile) {
  return {
    x: x0,
    y: y0,
    width: Math.max(0, x1 - x0),
    height: Math.max(0, y1 - y0)
  };
}

function titleOf({ part }: INode): string {
  return part ? `${part.name}: ${sizeWord(part.share.total)}` : '';
}

/** The name, where there is room for it. */
function Label(props: { tile: Tile }): JSX.Element | null {
  const { data, x0, y0 } = props.tile;
  const { height, width } = box(props.tile);
  if (!data.part || width < ROOM.width || height < ROOM.height) {
    return null;
  }
  const most = Math.floor((width - 12) / ROOM.character);
  const { name } = data.part;
  const text = name.length > most ? `${name.slice(0, most - 1)}…` : name;
  return (
    <>
      <rect
        className="jp-EnvlinkView-tileLabel"
        x={x0 + 3}
        y={y0 + 3}
        width={text.length * ROOM.character + 6}
        height="16"
      />
      <text x={x0 + 6} y={y0 + 15}>
        {text}
      </text>
    </>
  );
}

/** Told apart without colour, too: plain, dotted, crossed, striped. */
function Patterns(props: { id: string }): JSX.Element {
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
