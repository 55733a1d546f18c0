import type { IEnvlinkModel } from '../tokens';
import { minors } from './wish';

import type { TranslationBundle } from '@jupyterlab/translation';
import { HTMLSelect } from '@jupyterlab/ui-components';

import * as React from 'react';

const FIELD = 'jp-envlink-begin-python';

/** The choice of no Python. */
export const NO_PYTHON = 'none';

/** The version of Python: any that fits (empty), one of those that the channels have, or none. */
export function PythonField(props: {
  channels: readonly string[];
  model: IEnvlinkModel;
  value: string;
  onChange: (value: string) => void;
  trans: TranslationBundle;
}): JSX.Element {
  const { channels, model, onChange, trans, value } = props;
  const versions = usePythons(model, channels);
  return (
    <div className="jp-Envlink-field">
      <label htmlFor={FIELD}>{trans.__('Python')}</label>
      <HTMLSelect
        id={FIELD}
        className="jp-Envlink-select"
        value={value}
        onChange={event => onChange(event.target.value)}
      >
        <option value="">{trans.__('Any version that fits')}</option>
        {versions.map(each => (
          <option key={each} value={each}>
            {each}
          </option>
        ))}
        <option value={NO_PYTHON}>{trans.__('None')}</option>
      </HTMLSelect>
    </div>
  );
}

/** The versions of Python that the channels have. */
function usePythons(
  model: IEnvlinkModel,
  channels: readonly string[]
): string[] {
  const [versions, setVersions] = React.useState<string[]>([]);
  const key = channels.join('\n');
  React.useEffect(() => {
    let isCurrent = true;
    model.package('python', channels).then(
      found => isCurrent && setVersions(minors(found.versions)),
      // Why the channels cannot be asked is told by the search.
      () => isCurrent && setVersions([])
    );
    return () => void (isCurrent = false);
  }, [model, key]);
  return versions;
}
