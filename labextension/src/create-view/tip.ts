import type { IFinding } from './findings';

import type { TranslationBundle } from '@jupyterlab/translation';

import type { Extension } from '@codemirror/state';
import { StateEffect, StateField } from '@codemirror/state';
import type { Tooltip } from '@codemirror/view';
import { EditorView, showTooltip } from '@codemirror/view';

/** Findings as CodeMirror holds them, moved along with what is typed. */
export interface IMarked {
  from: number;
  findings: IFinding[];
}

/** What a tip does. */
export interface ITipOptions {
  onUse: (text: string) => void;
  trans: TranslationBundle;
}

const show = StateEffect.define<IMarked | null>();

/** The tip of each editor: the page may put it anywhere. */
const drawnTips = new WeakMap<EditorView, HTMLElement>();

/** A tip at a finding that the keyboard reaches; it goes with the next change, and with the focus. */
export function tips(options: ITipOptions): Extension {
  const field = StateField.define<Tooltip | null>({
    create: () => null,
    update: (value, transaction) => {
      const asked = transaction.effects.find(each => each.is(show));
      if (asked) {
        const marked = asked.value as IMarked | null;
        return marked && tooltip(marked, options);
      }
      return transaction.docChanged ? null : value;
    },
    provide: field => showTooltip.from(field)
  });
  const hide = EditorView.domEventHandlers({
    blur: (event, view) => leave(view, event.relatedTarget)
  });
  return [field, hide];
}

/** Hide the tip where the focus is neither in it nor in the text any more. */
function leave(view: EditorView, to: EventTarget | null): void {
  const tip = drawnTips.get(view);
  if (tip && !tip.contains(to as Node) && !view.dom.contains(to as Node)) {
    // Not while the editor is being changed.
    setTimeout(() => tip.isConnected && showTip(view, null));
  }
}

/** Show findings in a tip, or none. */
export function showTip(view: EditorView, marked: IMarked | null): void {
  view.dispatch({ effects: show.of(marked) });
}

/** Move the focus into the tip, if there is one. */
export function focusTip(view: EditorView): void {
  const tip = drawnTips.get(view);
  (tip?.querySelector('button') ?? tip)?.focus();
}

function tooltip(marked: IMarked, options: ITipOptions): Tooltip {
  return {
    pos: marked.from,
    above: true,
    create: view => {
      const dom = drawn(view, marked.findings, options);
      drawnTips.set(view, dom);
      return { dom };
    }
  };
}

function drawn(
  view: EditorView,
  findings: IFinding[],
  options: ITipOptions
): HTMLElement {
  const { trans } = options;
  const dom = document.createElement('div');
  dom.className = 'jp-Envlink-tip';
  dom.tabIndex = -1;
  dom.setAttribute('role', 'dialog');
  dom.setAttribute(
    'aria-label',
    trans.__('What is to be said about this line')
  );
  dom.append(...findings.map(each => block(view, each, options)));
  dom.addEventListener('focusout', event => leave(view, event.relatedTarget));
  dom.addEventListener('keydown', event => {
    if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      showTip(view, null);
      view.focus();
    }
  });
  return dom;
}

/** One finding: what it says, and a button for each fix. */
export function block(
  view: EditorView,
  finding: IFinding,
  { onUse }: ITipOptions
): HTMLElement {
  const dom = document.createElement('div');
  dom.className = 'jp-Envlink-finding';
  dom.dataset.severity = finding.severity;
  dom.append(paragraph(finding.message, 'jp-Envlink-message'));
  if (finding.hint) {
    dom.append(paragraph(finding.hint, 'jp-Envlink-remedy'));
  }
  for (const { label, text } of finding.fixes) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'jp-Envlink-button';
    button.textContent = label;
    button.addEventListener('click', () => {
      onUse(text);
      view.focus();
    });
    dom.append(button);
  }
  return dom;
}

function paragraph(text: string, className: string): HTMLElement {
  const dom = document.createElement('p');
  dom.className = className;
  dom.textContent = text;
  return dom;
}
