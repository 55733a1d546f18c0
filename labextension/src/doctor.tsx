import type { EnvlinkError } from './error';
import { Growing } from './growing';
import { ActionButton, ErrorBox } from './parts';
import { Checks, Places, Report } from './report';
import type { Envlink, IEnvlinkModel } from './tokens';

import { ReactWidget } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';

import * as React from 'react';

/** The field for a folder, which has the focus. */
export const PATH_FIELD = 'jp-envlink-path';

/** What a path to an environment looks like. */
const EXAMPLE = '/home/me/project/.venv';

interface IDoctorOptions {
  /** The one environment to explain; all without it. */
  environment?: string;
  model: IEnvlinkModel;
  trans: TranslationBundle;
}

interface IDoctorProps extends IDoctorOptions {
  /** The folder that is asked about; empty for none. */
  path: string;
  /** How often it was asked. */
  turn: number;
  onPath: (path: string) => void;
  onAgain: () => void;
}

/**
 * Why environments are as they are, and why a folder is not among them, as the body of a dialog.
 */
export class DoctorBody extends ReactWidget {
  constructor(private _options: IDoctorOptions) {
    super();
    this.addClass('jp-Envlink-doctor');
    this.node.dataset.envlinkScroller = '';
  }

  /** Explain the folder that was put in, or all again where none was. Resolves to false: nothing is at an end. */
  async ask(): Promise<boolean> {
    this._asked = this._path.trim();
    this._turn += 1;
    this.update();
    return false;
  }

  protected render(): JSX.Element {
    return (
      <Doctor
        {...this._options}
        path={this._asked}
        turn={this._turn}
        onPath={path => {
          this._path = path;
        }}
        onAgain={() => void this.ask()}
      />
    );
  }

  private _asked = '';
  private _path = '';
  private _turn = 0;
}

/** See `DoctorBody`. */
export function Doctor(props: IDoctorProps): JSX.Element {
  const { environment, model, onAgain, onPath, path, trans, turn } = props;
  const question = path ? { path } : environment ? { environment } : {};
  const { diagnosis, error } = useDiagnosis(model, question, turn);
  return (
    <>
      {!environment && <PathField onPath={onPath} trans={trans} />}
      {error && (
        <ErrorBox error={error}>
          <ActionButton label={trans.__('Retry')} onClick={onAgain}>
            {trans.__('Retry')}
          </ActionButton>
        </ErrorBox>
      )}
      {!diagnosis && !error && (
        <p role="status">{trans.__('Looking at everything again…')}</p>
      )}
      {diagnosis && (
        <Diagnosis
          diagnosis={diagnosis}
          isAll={!environment && !path}
          trans={trans}
        />
      )}
    </>
  );
}

/** Ask once for each question and turn. */
function useDiagnosis(
  model: IEnvlinkModel,
  question: Envlink.IQuestion,
  turn: number
) {
  const { environment, path } = question;
  const [diagnosis, setDiagnosis] = React.useState<Envlink.IDiagnosis | null>(
    null
  );
  const [error, setError] = React.useState<EnvlinkError | null>(null);
  React.useEffect(() => {
    let current = true;
    setDiagnosis(null);
    setError(null);
    model.doctor(question).then(
      answer => current && setDiagnosis(answer),
      reason => current && setError(reason as EnvlinkError)
    );
    return () => {
      current = false;
    };
  }, [model, environment, path, turn]);
  return { diagnosis, error };
}

/** A folder of which it is asked why it is not listed. */
function PathField(props: {
  onPath: (path: string) => void;
  trans: TranslationBundle;
}): JSX.Element {
  const { onPath, trans } = props;
  return (
    <div className="jp-Envlink-field">
      <label htmlFor={PATH_FIELD}>{trans.__('Is one missing?')}</label>
      <input
        id={PATH_FIELD}
        autoFocus // the dialog may look for it before it is drawn
        className="jp-mod-styled"
        placeholder={EXAMPLE}
        aria-describedby="jp-envlink-path-hint"
        autoComplete="off"
        spellCheck={false}
        onChange={event => onPath(event.target.value)}
      />
      <p id="jp-envlink-path-hint" className="jp-Envlink-hint">
        {trans.__(
          'Its folder, or a file in it, on the server. Leave it empty to look at all again.'
        )}
      </p>
    </div>
  );
}

function Diagnosis(props: {
  diagnosis: Envlink.IDiagnosis;
  isAll: boolean;
  trans: TranslationBundle;
}): JSX.Element {
  const { diagnosis, isAll, trans } = props;
  const { checks, environments, places } = diagnosis;
  const bad = environments.filter(each => !each.ok);
  const good = environments.filter(each => each.ok);
  const [ready, others] = [true, false].map(wanted =>
    good.filter(each => (each.state === 'ready') === wanted)
  );
  const isUnlisted = environments.some(each => each.id === null);
  return (
    <>
      {isAll && (
        <>
          <p role="status">
            {trans.__(
              '%1 environments; something is to be said about %2 of them.',
              environments.length,
              bad.length
            )}
          </p>
          <Checks checks={checks} trans={trans} />
        </>
      )}
      <Growing
        items={[...bad, ...others, ...ready]}
        label={trans.__('Environments')}
        draw={report => (
          <Report
            key={report.prefix}
            report={report}
            isOpen={!isAll || !report.ok}
            trans={trans}
          />
        )}
        trans={trans}
      />
      {(isAll || isUnlisted) && <Places places={places} trans={trans} />}
    </>
  );
}
