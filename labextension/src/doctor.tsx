import type { EnvlinkError } from './api';
import { Growing } from './growing';
import { ActionButton, ErrorBox } from './parts';
import { Checks, Places, Report } from './report';
import type { Envlink, IEnvlinkModel } from './tokens';

import { ReactWidget } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';

import * as React from 'react';

/** What a path to an environment looks like. */
const EXAMPLE = '/home/me/project/.venv';

interface IDoctorProps {
  /** The one environment to explain; all without it. */
  environment?: string;
  model: IEnvlinkModel;
  trans: TranslationBundle;
}

/**
 * Why environments are as they are, and why a folder is not among them, as the body of a dialog.
 */
export class DoctorBody extends ReactWidget {
  constructor(private _props: IDoctorProps) {
    super();
    this.addClass('jp-Envlink-doctor');
    this.node.dataset.envlinkScroller = '';
  }

  protected render(): JSX.Element {
    return <Doctor {...this._props} />;
  }
}

/** See `DoctorBody`. */
export function Doctor(props: IDoctorProps): JSX.Element {
  const { environment, model, trans } = props;
  const [path, setPath] = React.useState('');
  const question = path ? { path } : environment ? { environment } : {};
  const { again, diagnosis, error } = useDiagnosis(model, question);
  return (
    <>
      {!environment && <PathField onAsk={setPath} trans={trans} />}
      {error && (
        <ErrorBox error={error}>
          <ActionButton label={trans.__('Retry')} onClick={again}>
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

/** Ask once for each question, and whenever `again` is called. */
function useDiagnosis(model: IEnvlinkModel, question: Envlink.IQuestion) {
  const { environment, path } = question;
  const [diagnosis, setDiagnosis] = React.useState<Envlink.IDiagnosis | null>(
    null
  );
  const [error, setError] = React.useState<EnvlinkError | null>(null);
  const [turn, setTurn] = React.useState(0);
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
  return { again: () => setTurn(turn + 1), diagnosis, error };
}

/** Asks about a folder: why is it not listed? */
function PathField(props: {
  onAsk: (path: string) => void;
  trans: TranslationBundle;
}): JSX.Element {
  const { onAsk, trans } = props;
  const [path, setPath] = React.useState('');
  return (
    <form
      className="jp-Envlink-field"
      onSubmit={event => {
        event.preventDefault();
        onAsk(path.trim());
      }}
    >
      <label htmlFor="jp-envlink-path">
        {trans.__('Is one missing? Its folder on the server')}
      </label>
      <div className="jp-Envlink-ask">
        <input
          id="jp-envlink-path"
          className="jp-mod-styled"
          value={path}
          placeholder={EXAMPLE}
          autoComplete="off"
          spellCheck={false}
          onChange={event => setPath(event.target.value)}
          // The dialog would take Enter for "Close".
          onKeyDown={event => {
            if (event.key === 'Enter') {
              event.preventDefault();
              event.stopPropagation();
              onAsk(path.trim());
            }
          }}
        />
        <ActionButton
          label={
            path.trim()
              ? trans.__('Explain this folder')
              : trans.__('Explain all')
          }
          onClick={() => onAsk(path.trim())}
        >
          {trans.__('Explain')}
        </ActionButton>
      </div>
    </form>
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
        items={[...bad, ...good]}
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
