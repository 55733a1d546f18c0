import type { EnvlinkError } from './error';
import { ErrorBox } from './parts';
import type { Envlink, IEnvlinkModel } from './tokens';
import type { IVariable } from './variables';
import {
  linesOf,
  variableChanges,
  variableErrors,
  Variables
} from './variables';

import { ReactWidget } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';

import * as React from 'react';

/** The first field, which has the focus. */
export const TITLE_FIELD = 'jp-envlink-title';

/** What a person has put in. */
interface IDraft {
  title: string;
  hidden: boolean;
  variables: IVariable[];
}

/** What is wrong with it: at a line of the table, at the display name, or with the whole. */
interface IFaults {
  variables: Map<number, string>;
  title: EnvlinkError | null;
  whole: EnvlinkError | null;
}

const NO_FAULTS: IFaults = { variables: new Map(), title: null, whole: null };

/**
 * What a person can choose of an environment's kernel, as the body of a dialog.
 */
export class KernelSettingsBody extends ReactWidget {
  constructor(
    private _options: {
      environment: Envlink.IEnvironment;
      model: IEnvlinkModel;
      trans: TranslationBundle;
    }
  ) {
    super();
    this.addClass('jp-Envlink-settings');
    const { hidden, title, variables } = _options.environment;
    this._draft = {
      title: title ?? '',
      hidden,
      variables: linesOf(variables)
    };
  }

  /** Send what has changed; whether all is saved. What is wrong is shown. */
  async save(): Promise<boolean> {
    const { environment, model, trans } = this._options;
    const variables = variableErrors(this._draft.variables, trans);
    this._show({ ...NO_FAULTS, variables });
    if (variables.size > 0) {
      return false;
    }
    const changes = settingsChanges(environment, this._draft);
    if (Object.keys(changes).length === 0) {
      return true;
    }
    try {
      await model.configure(environment.id, changes);
      return true;
    } catch (reason) {
      this._show(placed(reason as EnvlinkError, this._draft.variables));
      return false;
    }
  }

  protected render(): JSX.Element {
    return (
      <KernelSettings
        {...this._options}
        start={this._draft}
        faults={this._faults}
        onChange={draft => {
          this._draft = draft;
          // What was wrong with what was there may not be so any more.
          this._show(NO_FAULTS);
        }}
      />
    );
  }

  private _show(faults: IFaults): void {
    this._faults = faults;
    this.update();
  }

  private _draft: IDraft;
  private _faults = NO_FAULTS;
}

/** An error of the server, at the field that it is about. */
function placed(error: EnvlinkError, lines: IVariable[]): IFaults {
  const { field, name } = error.details;
  const line = lines.find(each => each.name.trim() === name);
  if (field === 'title') {
    return { ...NO_FAULTS, title: error };
  }
  if (field === 'variables' && line) {
    const text = [error.message, error.remedy].filter(Boolean).join(' ');
    return { ...NO_FAULTS, variables: new Map([[line.key, text]]) };
  }
  return { ...NO_FAULTS, whole: error };
}

/** What of the draft differs from what the server has. */
function settingsChanges(
  environment: Envlink.IEnvironment,
  draft: IDraft
): Envlink.IKernelSettings {
  const title = draft.title.trim() || null;
  const variables = variableChanges(environment.variables, draft.variables);
  return {
    ...(title === environment.title ? {} : { title }),
    ...(draft.hidden === environment.hidden ? {} : { hidden: draft.hidden }),
    ...(Object.keys(variables).length === 0 ? {} : { variables })
  };
}

/** See `KernelSettingsBody`. */
function KernelSettings(props: {
  environment: Envlink.IEnvironment;
  faults: IFaults;
  onChange: (draft: IDraft) => void;
  start: IDraft;
  trans: TranslationBundle;
}): JSX.Element {
  const { environment, faults, onChange, start, trans } = props;
  const [draft, setDraft] = React.useState(start);
  const change = (part: Partial<IDraft>) => {
    const now = { ...draft, ...part };
    setDraft(now);
    onChange(now);
  };
  return (
    <>
      <TitleField
        environment={environment}
        title={draft.title}
        error={faults.title}
        onChange={title => change({ title })}
        trans={trans}
      />
      <div className="jp-Envlink-field">
        <label className="jp-Envlink-choice">
          <input
            type="checkbox"
            checked={draft.hidden}
            aria-describedby="jp-envlink-hidden-hint"
            onChange={event => change({ hidden: event.target.checked })}
          />
          {trans.__('Hide it from the kernel menu')}
        </label>
        <p id="jp-envlink-hidden-hint" className="jp-Envlink-hint">
          {trans.__('Notebooks that use it still start.')}
        </p>
      </div>
      <Variables
        lines={draft.variables}
        errors={faults.variables}
        onChange={variables => change({ variables })}
        trans={trans}
      />
      {faults.whole && <ErrorBox error={faults.whole} />}
    </>
  );
}

function TitleField(props: {
  environment: Envlink.IEnvironment;
  title: string;
  error: EnvlinkError | null;
  onChange: (title: string) => void;
  trans: TranslationBundle;
}): JSX.Element {
  const { environment, error, onChange, title, trans } = props;
  return (
    <div className="jp-Envlink-field">
      <label htmlFor={TITLE_FIELD}>{trans.__('Display name')}</label>
      <input
        id={TITLE_FIELD}
        autoFocus // the dialog may look for it before it is drawn
        className="jp-mod-styled"
        value={title}
        placeholder={environment.kernels[0]?.display_name ?? environment.name}
        autoComplete="off"
        aria-invalid={error !== null}
        aria-describedby="jp-envlink-title-note"
        onChange={event => onChange(event.target.value)}
      />
      <div id="jp-envlink-title-note" aria-live="polite">
        {error ? (
          <ErrorBox error={error} />
        ) : (
          <p className="jp-Envlink-hint">
            {trans.__(
              'As the launcher and the kernel menu show it; empty for the usual one.'
            )}
          </p>
        )}
      </div>
    </div>
  );
}
