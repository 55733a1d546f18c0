import { MoreButtons } from '../actions';
import { sizeWord } from '../words';
import type { IRowProps } from './environment-cell';
import { Path } from './environment-cell';

import * as React from 'react';

/** What is seldom wanted: where it lies, the names of its kernels, and what changes it. */
export function EnvironmentDetails(props: IRowProps): JSX.Element {
  const { environment } = props;
  return (
    <div className="jp-Envlink-more">
      <Path path={environment.prefix} />
      <Facts {...props} />
      {environment.state !== 'building' && <MoreButtons {...props} />}
    </div>
  );
}

function Facts(props: IRowProps): JSX.Element {
  const { environment, trans } = props;
  const { kernels, size } = environment;
  const variables = Object.keys(environment.variables);
  return (
    <dl className="jp-Envlink-facts">
      {kernels.map(kernel => (
        <React.Fragment key={kernel.name}>
          <dt>{trans.__('Kernel')}</dt>
          <dd>
            <code>{kernel.name}</code> {kernel.display_name}
          </dd>
        </React.Fragment>
      ))}
      {variables.length > 0 && (
        <>
          <dt>{trans.__('Variables')}</dt>
          <dd>
            <code>{variables.join(', ')}</code>
          </dd>
        </>
      )}
      {size && (
        <>
          <dt>{trans.__('Size')}</dt>
          <dd>
            {trans.__(
              '%1, of which %2 are its own',
              sizeWord(size.total),
              sizeWord(size.unique)
            )}
          </dd>
        </>
      )}
    </dl>
  );
}
