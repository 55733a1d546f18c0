import type { IWanted } from './wish';

import type { TranslationBundle } from '@jupyterlab/translation';
import { HTMLSelect, closeIcon } from '@jupyterlab/ui-components';

import * as React from 'react';

/** The packages that were chosen, each with the version that is wanted of it. */
export function WantedList(props: {
  wanted: readonly IWanted[];
  onVersion: (spec: string, version: string) => void;
  onRemove: (spec: string) => void;
  trans: TranslationBundle;
}): JSX.Element | null {
  const { onRemove, onVersion, trans, wanted } = props;
  if (wanted.length === 0) {
    return null;
  }
  return (
    <ul className="jp-Envlink-wanted" aria-label={trans.__('Packages')}>
      {wanted.map(each => (
        <li key={each.spec} data-package={each.spec}>
          <bdi>{each.spec}</bdi>
          {each.versions.length > 0 && (
            <HTMLSelect
              className="jp-Envlink-select"
              aria-label={trans.__('Version of %1', each.spec)}
              value={each.version}
              onChange={event => onVersion(each.spec, event.target.value)}
            >
              <option value="">{trans.__('Any that fits')}</option>
              {each.versions.map(version => (
                <option key={version} value={version}>
                  {version}
                </option>
              ))}
            </HTMLSelect>
          )}
          <button
            type="button"
            className="jp-Envlink-iconButton"
            title={trans.__('Remove')}
            aria-label={trans.__('Remove %1', each.spec)}
            onClick={() => onRemove(each.spec)}
          >
            <closeIcon.react tag="span" />
          </button>
          {each.problem && (
            <p className="jp-Envlink-note jp-mod-warning" role="status">
              {each.problem}
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}
