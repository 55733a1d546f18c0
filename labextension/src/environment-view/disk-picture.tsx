import { sizeWord } from '../words';
import type { IPart, Kind } from './shares';
import { Patterns } from './patterns';
import { KINDS } from './shares';
import { moved } from './tabs';

import type { TranslationBundle } from '@jupyterlab/translation';

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

interface IDiskPictureProps {
  parts: IPart[];
  /** What it shows, in words. */
  label: string;
  /** A package's tile was pressed. */
  onOpen: (part: IPart) => void;
  trans: TranslationBundle;
}

/**
 * Each part a tile as large as its share of the disk, in it one for each place where its bytes are. Tab leads to one
 * tile, the arrow keys lead to the others.
 */
export function DiskPicture(props: IDiskPictureProps): JSX.Element {
  const { label, onOpen, parts, trans } = props;
  const id = React.useId();
  const picture = React.useRef<SVGSVGElement>(null);
  const all = React.useMemo(() => tiles(parts).children ?? [], [parts]);
  const [wanted, setWanted] = React.useState(0);
  const active = Math.min(wanted, all.length - 1);
  const onKeyDown = (event: React.KeyboardEvent) => {
    const next = moved(SAME[event.key] ?? event.key, active, all.length);
    if (next !== null) {
      event.preventDefault();
      picture.current?.querySelectorAll<SVGElement>('[tabindex]')[next].focus();
    }
  };
  return (
    <svg
      ref={picture}
      className="jp-EnvlinkView-picture"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="group"
      aria-label={label}
      onKeyDown={onKeyDown}
    >
      <Patterns id={id} />
      {all.map((tile, index) => (
        <PartTile
          key={tile.data.part?.key}
          id={id}
          isReachable={index === active}
          onFocus={() => setWanted(index)}
          onOpen={onOpen}
          tile={tile}
          trans={trans}
        />
      ))}
      {all[active] && (
        <rect {...box(all[active])} className="jp-EnvlinkView-tileFocus" />
      )}
    </svg>
  );
}

/** Up and down are in the order of the size, too. */
const SAME: { [key: string]: string } = {
  ArrowDown: 'ArrowRight',
  ArrowUp: 'ArrowLeft'
};

function PartTile(props: {
  id: string;
  isReachable: boolean;
  onFocus: () => void;
  onOpen: IDiskPictureProps['onOpen'];
  tile: Tile;
  trans: TranslationBundle;
}): JSX.Element | null {
  const { id, isReachable, onFocus, onOpen, tile, trans } = props;
  const { part } = tile.data;
  if (!part) {
    return null;
  }
  const name = titleOf(part, trans);
  const open = () => onOpen(part);
  const pressable = part.isPackage && {
    role: 'button',
    onClick: open,
    onKeyDown: (event: React.KeyboardEvent) => {
      if (event.key === 'Enter' || event.key === ' ') {
        event.preventDefault();
        open();
      }
    }
  };
  return (
    <g
      role="img"
      aria-label={name}
      data-tile={part.key}
      tabIndex={isReachable ? 0 : -1}
      onFocus={onFocus}
      {...pressable}
    >
      <title>{name}</title>
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

function titleOf({ name, share }: IPart, trans: TranslationBundle): string {
  const [total, unique] = [share.total, share.unique].map(sizeWord);
  return trans.__('%1: %2, of which %3 only here', name, total, unique);
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
    <text x={x0 + 6} y={y0 + 15}>
      {text}
    </text>
  );
}
