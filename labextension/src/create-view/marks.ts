import { rangeOf } from '../edits';
import type { IFinding } from './findings';
import type { IMarked, ITipOptions } from './tip';
import { block, focusTip, showTip, tips } from './tip';

import type { Diagnostic } from '@codemirror/lint';
import {
  forEachDiagnostic,
  lintGutter,
  nextDiagnostic,
  previousDiagnostic,
  setDiagnostics
} from '@codemirror/lint';
import type { EditorState, Extension } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';

/** A finding as the linter of CodeMirror holds it. */
interface IMark extends Diagnostic {
  finding: IFinding;
}

/** Underlines, signs beside the lines, and the tip of the line that the keyboard is at. */
export function marks(options: ITipOptions): Extension {
  return [
    lintGutter(),
    tips(options),
    keymap.of([
      { key: 'F8', run: next, shift: previous, preventDefault: true },
      { key: 'Mod-.', run: enterTip, preventDefault: true }
    ])
  ];
}

/** Mark the findings, whose places are those of the text that is shown. */
export function mark(
  view: EditorView,
  findings: IFinding[],
  options: ITipOptions
): void {
  const text = view.state.doc.toString();
  const found = findings.map((finding): IMark => {
    const [from, to] = rangeOf(text, finding.place);
    return {
      from,
      to: Math.max(from, to),
      severity: finding.severity,
      message: finding.message,
      renderMessage: () => block(view, finding, options),
      finding
    };
  });
  view.dispatch(setDiagnostics(view.state, found));
}

/** Go to the first error, and have it read aloud. */
export function toFirst(view: EditorView): void {
  let first: number | null = null;
  forEachDiagnostic(view.state, (mark, from) => {
    if (mark.severity === 'error') {
      first = Math.min(first ?? from, from);
    }
  });
  if (first !== null) {
    goTo(view, first, first);
    announce(view, markedLine(view.state));
  }
}

/** Select a range, in sight. */
export function goTo(view: EditorView, from: number, to: number): void {
  view.focus();
  view.dispatch({
    selection: { anchor: from, head: to },
    effects: EditorView.scrollIntoView(from, { y: 'center' })
  });
}

function next(view: EditorView): boolean {
  return nextDiagnostic(view) && tell(view);
}

function previous(view: EditorView): boolean {
  return previousDiagnostic(view) && tell(view);
}

/** Show the tip of the line, and have it read aloud. */
function tell(view: EditorView): boolean {
  const marked = markedLine(view.state);
  showTip(view, marked);
  announce(view, marked);
  return true;
}

function announce(view: EditorView, marked: IMarked | null): void {
  view.dispatch({
    effects: (marked?.findings ?? []).map(({ hint, message }) =>
      EditorView.announce.of(hint ? `${message} ${hint}` : message)
    )
  });
}

function enterTip(view: EditorView): boolean {
  const marked = markedLine(view.state);
  showTip(view, marked);
  // The tip is drawn once it has been measured.
  requestAnimationFrame(() => focusTip(view));
  return marked !== null;
}

/** What is to be said about the line of the cursor. */
function markedLine(state: EditorState): IMarked | null {
  const line = state.doc.lineAt(state.selection.main.head);
  const found: [number, IFinding][] = [];
  forEachDiagnostic(state, (mark, from, to) => {
    if (from <= line.to && to >= line.from) {
      found.push([from, (mark as IMark).finding]);
    }
  });
  return found.length > 0
    ? {
        from: Math.max(line.from, Math.min(...found.map(([from]) => from))),
        findings: [...new Set(found.map(([, finding]) => finding))]
      }
    : null;
}
