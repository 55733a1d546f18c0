import { EnvironmentField } from './environment-field';
import type { IFeasible, IPreviewOptions } from './preview';
import { Preview } from './preview';
import { RunningKernels } from './running-kernels';
import type { Envlink } from './tokens';

import type { TranslationBundle } from '@jupyterlab/translation';

import * as React from 'react';

/** What is to be updated: which environment, whether what the file does not need goes, and the changed text. */
export interface IUpdate {
  environment: Envlink.IEnvironment;
  prune: boolean;
  text?: string;
}

/** What would become of an environment by a file. */
export function UpdatePreview(
  props: IPreviewOptions & {
    /** The environment to begin with, where one is proposed. */
    proposed: string | null;
    /** Told what would be updated each time it changes; `null` while nothing can be. */
    onChange: (update: IUpdate | null) => void;
  }
): JSX.Element {
  const { model, onChange, proposed, trans } = props;
  const [id, setId] = React.useState(proposed);
  const [prune, setPrune] = React.useState(false);
  const environment = model.environments.find(each => each.id === id) ?? null;
  const asked = environment && { environment: environment.id, prune };
  return (
    <Preview
      {...props}
      subject={asked && { quick: asked, lasting: asked }}
      onChange={feasible =>
        onChange(
          feasible && environment && { ...textOf(feasible), environment, prune }
        )
      }
      head={() => (
        <>
          <EnvironmentField
            chosen={environment}
            environments={model.environments}
            onChange={setId}
            trans={trans}
          />
          <PruneField prune={prune} onChange={setPrune} trans={trans} />
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
      )}
    />
  );
}

/** The text, where it was changed. */
function textOf({ text }: IFeasible): { text?: string } {
  return text === undefined ? {} : { text };
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
