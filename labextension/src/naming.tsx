import type { EnvlinkError } from './error';
import { NameField } from './name-field';
import { RunningKernels } from './running-kernels';
import type { Envlink, IEnvlinkModel } from './tokens';

import { PathExt } from '@jupyterlab/coreutils';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';

import * as React from 'react';

/** Milliseconds without a key press after which a name is asked about. */
const TYPING_PAUSE = 250;

/** A file that asks for nothing: of a plan for it, only what is said of the name counts. */
const NO_FILE = 'dependencies: []\n';

/** What a body that asks for a name begins with. */
interface INamingOptions {
  environment: Envlink.IEnvironment;
  /** It stays in its folder; else it goes to where new environments are made. */
  isMoved: boolean;
  model: IEnvlinkModel;
  /** The name that is proposed. */
  name: string;
  /** The kernels that a name would be taken from. */
  kernels: Envlink.IRunningKernel[];
  trans: TranslationBundle;
  /** Do it under a name, `force` although kernels run. Rejects with an `EnvlinkError`. */
  submit: (name: string, force: boolean) => Promise<unknown>;
}

/** What a person has put in. */
interface IDraft {
  name: string;
  force: boolean;
}

/** What the server says of a name. */
interface IWord {
  prefix: string | null;
  problem: Pick<Envlink.IErrorBody, 'message' | 'remedy'> | null;
}

const NO_WORD: IWord = { prefix: null, problem: null };

/**
 * Asks for a name, as the body of a dialog.
 */
export class NamingBody extends ReactWidget {
  constructor(private _options: INamingOptions) {
    super();
    this.addClass('jp-Envlink-naming');
    this._draft = { name: _options.name, force: false };
    this._kernels = _options.kernels;
  }

  /** Do it under the name; whether that was accepted. What is wrong is shown. */
  async save(): Promise<boolean> {
    const { force, name } = this._draft;
    try {
      await this._options.submit(name, force);
      return true;
    } catch (reason) {
      const error = reason as EnvlinkError;
      this._refused = { name, error };
      this._kernels = error.kernels.length ? error.kernels : this._kernels;
      this.update();
      return false;
    }
  }

  protected render(): JSX.Element {
    return (
      <Naming
        {...this._options}
        kernels={this._kernels}
        refused={this._refused}
        onChange={draft => {
          this._draft = draft;
          // A dialog looks at `jp-mod-error` of its body when something is put in, and only then.
          this.node.dispatchEvent(new Event('input', { bubbles: true }));
        }}
      />
    );
  }

  private _draft: IDraft;
  private _kernels: Envlink.IRunningKernel[];
  private _refused: { name: string; error: EnvlinkError } | null = null;
}

/** See `NamingBody`. */
function Naming(
  props: INamingOptions & {
    /** The name that the server has not accepted, and why. */
    refused: { name: string; error: EnvlinkError } | null;
    onChange: (draft: IDraft) => void;
  }
): JSX.Element {
  const { environment, kernels, onChange, refused, trans } = props;
  const [name, setName] = React.useState(props.name);
  const [force, setForce] = React.useState(false);
  const said = useWord(props, name);
  const problem = refused?.name === name ? refused.error : said.problem;
  const isGood =
    name !== '' &&
    (!props.isMoved || name !== environment.name) &&
    said.problem === null &&
    (force || kernels.length === 0);
  React.useEffect(() => onChange({ name, force }), [name, force, isGood]);
  return (
    <div className={isGood ? '' : 'jp-mod-error'}>
      <NameField
        autoFocus // the dialog may look for it before it is drawn
        name={name}
        prefix={said.prefix}
        problem={problem}
        onChange={setName}
        trans={trans}
      />
      <RunningKernels
        kernels={kernels}
        said={trans._n(
          'A kernel runs in it. It has to be restarted afterwards:',
          '%1 kernels run in it. They have to be restarted afterwards:',
          kernels.length
        )}
      />
      {kernels.length > 0 && (
        <div className="jp-Envlink-field">
          <label className="jp-Envlink-choice">
            <input
              type="checkbox"
              checked={force}
              onChange={event => setForce(event.target.checked)}
            />
            {trans.__('Rename it although kernels run in it')}
          </label>
        </div>
      )}
    </div>
  );
}

/** What the server says of a name, once it is typed. */
function useWord(
  { environment, isMoved, model }: INamingOptions,
  name: string
): IWord {
  const [said, setSaid] = React.useState(NO_WORD);
  React.useEffect(() => {
    let current = true;
    const ask = async () => {
      const request = { text: NO_FILE, name, solve: false };
      const word = await model.plan(request).then(
        plan => (isMoved ? wordBeside(environment, plan) : wordOf(plan)),
        reason => ({ prefix: null, problem: reason as EnvlinkError })
      );
      if (current) {
        setSaid(word);
      }
    };
    const timer = setTimeout(() => void ask(), TYPING_PAUSE);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [model, environment, isMoved, name]);
  return isMoved && name === environment.name ? NO_WORD : said;
}

function wordOf({ name_problem: problem, prefix }: Envlink.IPlan): IWord {
  return { prefix, problem };
}

/** A plan is for the folder of new environments: where that is another one, it knows only what a name may be. */
function wordBeside(beside: Envlink.IEnvironment, plan: Envlink.IPlan): IWord {
  const { name_problem: problem, prefix } = plan;
  const isThere =
    prefix !== null &&
    PathExt.dirname(prefix) === PathExt.dirname(beside.prefix);
  const isValid = problem?.code !== 'invalid-name';
  return isValid && !isThere ? NO_WORD : wordOf(plan);
}
