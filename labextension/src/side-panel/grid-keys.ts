import type * as React from 'react';

/** What a key means in the list. */
export interface IGridMoves {
  /** How many rows a page has. */
  page: number;
  /** Go to a row so many further on. */
  by: (rows: number) => void;
  /** To the first row, or to the last. */
  end: (last: boolean) => void;
  /** Open what the row stands for. */
  activate: () => void;
  /** Unfold the row, or fold it; `null` changes it. */
  unfold: (open: boolean | null) => void;
  /** Whether the row is unfolded. */
  isUnfolded: boolean;
  /** To the row that this one is folded under; `false` where there is none. */
  toParent: () => boolean;
  menu: () => void;
  filter: () => void;
  type: (letter: string) => void;
}

type Press = React.KeyboardEvent<HTMLElement>;

/** Do what a key means; in a row, or on one of the buttons in it. */
export function onGridKey(event: Press, moves: IGridMoves): void {
  const row = event.currentTarget;
  const isDone =
    anywhere(event, moves) ||
    (event.target === row ? onRow(event, moves) : onButton(event));
  if (isDone) {
    event.preventDefault();
    event.stopPropagation();
  }
}

function anywhere(event: Press, moves: IGridMoves): boolean {
  const { key, shiftKey } = event;
  if (key === 'ContextMenu' || (key === 'F10' && shiftKey)) {
    moves.menu();
    return true;
  }
  if (isFind(event)) {
    moves.filter();
    return true;
  }
  const step = STEPS[key];
  if (step === undefined || isModified(event)) {
    return false;
  }
  step(moves);
  return true;
}

const STEPS: { [key: string]: (moves: IGridMoves) => void } = {
  ArrowDown: moves => moves.by(1),
  ArrowUp: moves => moves.by(-1),
  PageDown: moves => moves.by(moves.page),
  PageUp: moves => moves.by(-moves.page),
  Home: moves => moves.end(false),
  End: moves => moves.end(true),
  '/': moves => moves.filter()
};

function onRow(event: Press, moves: IGridMoves): boolean {
  if (isModified(event)) {
    return false;
  }
  switch (inReadingDirection(event)) {
    case 'Enter':
      moves.activate();
      return true;
    case ' ':
      moves.unfold(null);
      return true;
    case 'ArrowRight':
      if (!moves.isUnfolded) {
        moves.unfold(true);
        return true;
      }
      return focus(buttonsIn(event.currentTarget)[0]);
    case 'ArrowLeft':
      if (!moves.isUnfolded) {
        return moves.toParent();
      }
      moves.unfold(false);
      return true;
    default:
      return letter(event, moves);
  }
}

function letter({ key }: Press, moves: IGridMoves): boolean {
  if ([...key].length !== 1) {
    return false;
  }
  moves.type(key);
  return true;
}

/** From button to button, and back to the row. */
function onButton(event: Press): boolean {
  const row = event.currentTarget;
  const buttons = buttonsIn(row);
  const index = buttons.indexOf(event.target as HTMLElement);
  switch (inReadingDirection(event)) {
    case 'ArrowRight':
      return focus(buttons[index + 1]);
    case 'ArrowLeft':
      return focus(buttons[index - 1] ?? row);
    case 'Escape':
      return focus(row);
    default:
      return false;
  }
}

function buttonsIn(row: HTMLElement): HTMLElement[] {
  return [...row.querySelectorAll<HTMLElement>('button')];
}

function focus(node: HTMLElement | undefined): boolean {
  node?.focus();
  return node !== undefined;
}

/** The key; in a text that runs from right to left the arrows change places. */
function inReadingDirection({ currentTarget, key }: Press): string {
  if (getComputedStyle(currentTarget).direction !== 'rtl') {
    return key;
  }
  const turned: { [key: string]: string } = {
    ArrowLeft: 'ArrowRight',
    ArrowRight: 'ArrowLeft'
  };
  return turned[key] ?? key;
}

function isFind({ altKey, ctrlKey, key, metaKey }: Press): boolean {
  return (ctrlKey || metaKey) && !altKey && key.toLowerCase() === 'f';
}

function isModified({ altKey, ctrlKey, metaKey }: Press): boolean {
  return altKey || ctrlKey || metaKey;
}
