import { EnvironmentField } from '../environment-field';
import { NameField } from '../name-field';
import { RunningKernels } from '../running-kernels';
import type { Envlink, IEnvlinkModel } from '../tokens';
import type { Wish } from './wish';

import type { TranslationBundle } from '@jupyterlab/translation';

import * as React from 'react';

interface IHeadProps {
  model: IEnvlinkModel;
  wish: Wish;
  plan: Envlink.IPlan | null;
  trans: TranslationBundle;
}

/** Under which name, or of which environment. */
export function Head(props: IHeadProps & { isMade: boolean }): JSX.Element {
  return props.wish.now.operation === 'update' ? (
    <UpdateHead {...props} />
  ) : (
    <CreateHead {...props} />
  );
}

function CreateHead(
  props: IHeadProps & { isMade: boolean }
): JSX.Element | null {
  const { isMade, plan, trans, wish } = props;
  return (
    plan && (
      <NameField
        name={wish.now.name ?? plan.name}
        prefix={plan.prefix}
        problem={isMade ? null : plan.name_problem}
        trans={trans}
        onChange={name => wish.set({ name })}
      />
    )
  );
}

function UpdateHead(props: IHeadProps): JSX.Element {
  const { model, trans, wish } = props;
  const { id, prune = false } = wish.now;
  const environment = model.environments.find(each => each.id === id) ?? null;
  return (
    <>
      <EnvironmentField
        chosen={environment}
        environments={model.environments}
        onChange={chosen => wish.set({ id: chosen })}
        trans={trans}
      />
      <PruneField
        prune={prune}
        onChange={wanted => wish.set({ prune: wanted })}
        trans={trans}
      />
      {environment && (
        <RunningKernels
          kernels={environment.running}
          said={trans._n(
            'A kernel runs in it: restart it afterwards.',
            '%1 kernels run in it: restart them afterwards.',
            environment.running.length
          )}
        />
      )}
    </>
  );
}

function PruneField(props: {
  prune: boolean;
  onChange: (prune: boolean) => void;
  trans: TranslationBundle;
}): JSX.Element {
  const { onChange, prune, trans } = props;
  return (
    <div className="jp-Envlink-field">
      <label className="jp-Envlink-choice">
        <input
          type="checkbox"
          checked={prune}
          aria-describedby="jp-envlink-prune-hint"
          onChange={event => onChange(event.target.checked)}
        />
        {trans.__('Prune: remove what the file does not need')}
      </label>
      <p id="jp-envlink-prune-hint" className="jp-Envlink-hint">
        {trans.__(
          'Packages of conda and of pip that the file does not need go, also those that were added by hand. Without it everything stays.'
        )}
      </p>
    </div>
  );
}
