import { Changed } from './changed';
import type { IMending } from './conflict';
import { Diagnostics, PlanError } from './diagnostics';
import { useFixes } from './fixes';
import type { IPlace } from './lines';
import { Contents, Solution } from './plan';
import type { Envlink, IEnvlinkModel } from './tokens';
import type { IPlanState, ISubject } from './use-plan';
import { edited, isFeasible, usePlan } from './use-plan';

import { ReactWidget } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';

import * as React from 'react';

/** The class of what is in the preview; it has the focus until the first field is there. */
export const BODY_CLASS = 'jp-Envlink-previewBody';

/** What a preview begins with. */
export interface IPreviewOptions {
  model: IEnvlinkModel;
  path: string;
  /** What to begin with in place of what the file holds. */
  text?: string;
  /** Show a place of the file in an editor, which closes this. */
  onShow?: (place: IPlace) => void;
  trans: TranslationBundle;
}

/** A file of which something can be made: the text where it was changed here, and the name that the plan has. */
export interface IFeasible {
  name: string;
  text?: string;
}

/**
 * A preview as the body of a dialog; its value is what to ask the server for.
 */
export class PreviewBody<T> extends ReactWidget {
  constructor(
    private _draw: (onChange: (wanted: T | null) => void) => JSX.Element
  ) {
    super();
    this.addClass('jp-Envlink-preview');
  }

  getValue(): T | null {
    return this._wanted;
  }

  protected render(): JSX.Element {
    return this._draw(wanted => {
      this._wanted = wanted;
      // A dialog looks at `jp-mod-error` of its body when something is put in, and only then.
      this.node.dispatchEvent(new Event('input', { bubbles: true }));
    });
  }

  private _wanted: T | null = null;
}

/**
 * What would come of a file: what is wrong in it, how that is mended, and what would change.
 */
export function Preview(
  props: IPreviewOptions & {
    /** What is asked about; `null` until the person has said. */
    subject: ISubject | null;
    /** The fields above, once the file was read or could not be. */
    head: (plan: Envlink.IPlan | null) => React.ReactNode;
    /** Told what could be made each time it, or the subject, changes; `null` while nothing can be. */
    onChange: (feasible: IFeasible | null) => void;
  }
): JSX.Element {
  const { head, model, onChange, onShow, path, subject, trans } = props;
  const [text, setText] = React.useState<string | null>(props.text ?? null);
  const state = usePlan(model, path, subject, text);
  const { error, plan } = state;
  const original = React.useRef<string | null>(null);
  original.current ??= plan?.text ?? null;
  const isGood = isFeasible(state);
  React.useEffect(() => {
    onChange(isGood ? { name: plan?.name ?? '', ...edited(text) } : null);
  }, [isGood, plan?.name, text, JSON.stringify(subject?.quick)]);
  const fixes = useFixes({ ...state, model, path, onChange: setText });
  const focus = useFocus(plan, text);
  const mending: IMending = {
    // The lines of a changed text are not those of the file.
    onShow: text === null ? onShow : undefined,
    onUse: setText
  };
  return (
    <div
      {...focus}
      className={`${BODY_CLASS}${isGood ? '' : ' jp-mod-error'}`}
      tabIndex={-1}
    >
      {error && <PlanError error={error} trans={trans} />}
      {!plan && !error && subject && (
        <p role="status">{trans.__('Reading %1…', path)}</p>
      )}
      {head(plan)}
      {plan && (
        <>
          <Diagnostics
            diagnostics={plan.diagnostics}
            fixes={fixes}
            trans={trans}
          />
          {isChanged(original.current, text) && (
            <Changed
              before={original.current ?? ''}
              after={text ?? ''}
              trans={trans}
              onUndo={() => setText(props.text ?? null)}
            />
          )}
          {inOrder(
            plan,
            <Contents
              key="contents"
              plan={contentsOf(state) ?? plan}
              trans={trans}
            />,
            <Solution
              key="solution"
              mending={mending}
              plan={plan}
              solved={state.isStale ? null : state.solved}
              trans={trans}
            />
          )}
        </>
      )}
    </div>
  );
}

/** Whether the text is another than the one that was read first. */
function isChanged(before: string | null, now: string | null): boolean {
  return before !== null && now !== null && now !== before;
}

/** What is made is known by what the file asks for; of what is changed, what becomes of it comes first. */
function inOrder(
  { operation }: Envlink.IPlan,
  contents: JSX.Element,
  solution: JSX.Element
): JSX.Element[] {
  return operation === 'update' ? [solution, contents] : [contents, solution];
}

/** What an archive holds is known once it has been read to its end. */
function contentsOf(state: IPlanState): Envlink.IPlan | null {
  return state.plan?.format === 'conda-pack' ? state.solved : state.plan;
}

/**
 * Move the focus on to the first field, as soon as both are there: the field may come before the dialog gives the focus
 * to the preview, or after it. Once the text was changed, the preview keeps the focus of a button that goes.
 */
function useFocus(plan: Envlink.IPlan | null, text: string | null) {
  const ref = React.useRef<HTMLDivElement>(null);
  const first = React.useRef(text);
  const keeps = React.useRef(false);
  const move = React.useCallback(() => {
    const field = ref.current?.querySelector<HTMLElement>('input, select');
    if (field && !keeps.current && ref.current === document.activeElement) {
      field.focus();
      if (field instanceof HTMLInputElement) {
        field.select();
      }
    }
  }, []);
  // The dialog may look for the preview before it is drawn, and then gives the focus to a button.
  React.useEffect(() => ref.current?.focus(), []);
  React.useEffect(move, [plan !== null, move]);
  React.useEffect(() => {
    if (plan && document.activeElement === document.body) {
      keeps.current = text !== first.current;
      ref.current?.focus();
    }
  }, [plan, text]);
  return { ref, onFocus: move };
}
