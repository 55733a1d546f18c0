import type { EnvlinkError } from './api';
import { Changed } from './changed';
import type { IMending } from './conflict';
import { Diagnostics, hasErrors, PlanError } from './diagnostics';
import { useFixes } from './fixes';
import type { IPlace } from './lines';
import { ErrorBox } from './parts';
import { Contents, Solution } from './plan';
import type { Envlink, IEnvlinkModel } from './tokens';

import { ReactWidget } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';

import * as React from 'react';

/** Milliseconds without a key press after which a name is asked about. */
const TYPING_PAUSE = 250;

/** The class of what is in the preview; it has the focus until the name is there. */
export const BODY_CLASS = 'jp-Envlink-previewBody';

/** What is to be made: its name, and the file's text where it was changed here. */
export interface ICreation {
  name: string;
  text?: string;
}

interface IPreviewProps {
  model: IEnvlinkModel;
  path: string;
  /** What to begin with in place of what the file holds. */
  text?: string;
  /** Show a place of the file in an editor, which closes this. */
  onShow?: (place: IPlace) => void;
  trans: TranslationBundle;
  /** Told what would be made each time it changes; `null` while nothing can be created. */
  onChange: (creation: ICreation | null) => void;
}

/** What can be known of a file: read at once, solved a moment later. */
interface IPreviewState {
  plan: Envlink.IPlan | null;
  solved: Envlink.IPlan | null;
  error: EnvlinkError | null;
  /** The plan is of a text before the last change. */
  isStale: boolean;
}

/** A plan, and the changed text that it is of. */
interface IAnswer {
  plan: Envlink.IPlan;
  text: string | null;
}

/**
 * What will be made from a file, as the body of a dialog; its value is what to ask the server for.
 */
export class CreatePreviewBody extends ReactWidget {
  constructor(private _options: Omit<IPreviewProps, 'onChange'>) {
    super();
    this.addClass('jp-Envlink-preview');
  }

  getValue(): ICreation | null {
    return this._creation;
  }

  protected render(): JSX.Element {
    return (
      <CreatePreview
        {...this._options}
        onChange={creation => {
          this._creation = creation;
          // A dialog looks at `jp-mod-error` of its body when something is put in, and only then.
          this.node.dispatchEvent(new Event('input', { bubbles: true }));
        }}
      />
    );
  }

  private _creation: ICreation | null = null;
}

/** See `CreatePreviewBody`. */
export function CreatePreview(props: IPreviewProps): JSX.Element {
  const { model, onChange, onShow, path, trans } = props;
  const [name, setName] = React.useState<string | null>(null);
  const [text, setText] = React.useState<string | null>(props.text ?? null);
  const original = React.useRef<string | null>(null);
  const state = usePlan(model, path, name, text);
  const plan = state.plan;
  original.current ??= plan?.text ?? null;
  const shownName = name ?? plan?.name ?? '';
  const creatable = isCreatable(state);
  React.useEffect(() => {
    onChange(creatable ? { name: shownName, ...edited(text) } : null);
  }, [creatable, shownName, text]);
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
      className={`${BODY_CLASS}${creatable ? '' : ' jp-mod-error'}`}
      tabIndex={-1}
    >
      {state.error && <PlanError error={state.error} trans={trans} />}
      {!plan && !state.error && (
        <p role="status">{trans.__('Reading %1…', path)}</p>
      )}
      {plan && (
        <>
          <NameField
            name={shownName}
            plan={plan}
            trans={trans}
            onChange={setName}
          />
          <Diagnostics
            diagnostics={plan.diagnostics}
            fixes={fixes}
            trans={trans}
          />
          {original.current !== null &&
            (text ?? original.current) !== original.current && (
              <Changed
                before={original.current}
                after={text ?? ''}
                trans={trans}
                onUndo={() => setText(props.text ?? null)}
              />
            )}
          <Contents plan={contentsOf(state) ?? plan} trans={trans} />
          <Solution
            mending={mending}
            plan={plan}
            solved={state.isStale ? null : state.solved}
            trans={trans}
          />
        </>
      )}
    </div>
  );
}

/**
 * Move the focus on to the name, as soon as both are there: the name may come before the dialog gives the focus to
 * the preview, or after it. Once the text was changed, the preview keeps the focus of a button that goes.
 */
function useFocus(plan: Envlink.IPlan | null, text: string | null) {
  const ref = React.useRef<HTMLDivElement>(null);
  const first = React.useRef(text);
  const keeps = React.useRef(false);
  const move = React.useCallback(() => {
    const input = ref.current?.querySelector('input');
    if (input && !keeps.current && ref.current === document.activeElement) {
      input.focus();
      input.select();
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

/** Ask what a file, or its changed text, would give: without the channels at once, then with them. */
function usePlan(
  model: IEnvlinkModel,
  path: string,
  name: string | null,
  text: string | null
): IPreviewState {
  const [answer, setAnswer] = React.useState<IAnswer | null>(null);
  const [solved, setSolved] = React.useState<Envlink.IPlan | null>(null);
  const [error, setError] = React.useState<EnvlinkError | null>(null);
  React.useEffect(() => {
    let current = true;
    const ask = async () => {
      try {
        const named = name === null ? {} : { name };
        const request = { path, ...edited(text), ...named, solve: false };
        const plan = await model.plan(request);
        if (current) {
          setAnswer({ plan, text });
          setError(null);
        }
      } catch (reason) {
        if (current) {
          setAnswer(known => ((name ?? text) === null ? null : known));
          setError(reason as EnvlinkError);
        }
      }
    };
    const isTyped = name !== null && answer?.text === text;
    const timer = setTimeout(() => void ask(), isTyped ? TYPING_PAUSE : 0);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [model, path, name, text]);
  const plan = answer?.plan ?? null;
  // The packages do not depend on the name, so they are solved once for each text.
  const isGood = plan !== null && !hasErrors(plan.diagnostics);
  const readable = isGood ? (plan.text ?? '') : null;
  React.useEffect(() => {
    const waiting = new AbortController();
    const { signal } = waiting;
    setSolved(null);
    if (answer && readable !== null) {
      const request = { path, ...edited(answer.text), solve: true };
      model.plan(request, signal).then(
        found => signal.aborted || setSolved(found),
        reason =>
          signal.aborted || setSolved(unsolved(plan, reason as EnvlinkError))
      );
    }
    return () => waiting.abort();
  }, [model, path, readable]);
  return { plan, solved, error, isStale: answer?.text !== text };
}

/** The part of a request that says how the text was changed. */
function edited(text: string | null): { text?: string } {
  return text === null ? {} : { text };
}

function NameField(props: {
  name: string;
  plan: Envlink.IPlan;
  trans: TranslationBundle;
  onChange: (name: string) => void;
}): JSX.Element {
  const { name, onChange, plan, trans } = props;
  const problem = plan.name_problem;
  return (
    <div className="jp-Envlink-field">
      <label htmlFor="jp-envlink-name">{trans.__('Name')}</label>
      <input
        id="jp-envlink-name"
        className="jp-mod-styled"
        value={name}
        autoComplete="off"
        spellCheck={false}
        aria-invalid={problem !== null}
        aria-describedby="jp-envlink-name-note"
        onChange={event => onChange(event.target.value)}
      />
      <div id="jp-envlink-name-note" aria-live="polite">
        {problem ? (
          <ErrorBox error={problem} />
        ) : (
          plan.prefix && (
            <p className="jp-Envlink-path" title={plan.prefix}>
              <bdi>{plan.prefix}</bdi>
            </p>
          )
        )}
      </div>
    </div>
  );
}

/** What an archive holds is known once it has been read to its end. */
function contentsOf(state: IPreviewState): Envlink.IPlan | null {
  return state.plan?.format === 'conda-pack' ? state.solved : state.plan;
}

function isCreatable(state: IPreviewState): boolean {
  const { error, isStale, plan, solved } = state;
  return (
    error === null &&
    !isStale &&
    plan !== null &&
    plan.name_problem === null &&
    plan.prefix !== null &&
    !hasErrors(plan.diagnostics) &&
    !solved?.conflict
  );
}

/** The plan with what kept it from being solved in the place of a conflict. */
function unsolved(plan: Envlink.IPlan | null, reason: EnvlinkError) {
  const { code, details, message, remedy } = reason;
  return plan && { ...plan, conflict: { code, details, message, remedy } };
}
