import type { Envlink } from './tokens';

import * as React from 'react';

/** Which kernels run in an environment, by the notebooks they belong to, and what that means; nothing where none does. */
export function RunningKernels(props: {
  kernels: Envlink.IRunningKernel[];
  said: string;
}): JSX.Element | null {
  const { kernels, said } = props;
  return kernels.length > 0 ? (
    <div className="jp-Envlink-running">
      <p className="jp-Envlink-message">{said}</p>
      <ul>
        {kernels.map(({ id, name, path }) => (
          <li key={id}>{path ?? name}</li>
        ))}
      </ul>
    </div>
  ) : null;
}
