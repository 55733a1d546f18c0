import { ActionButton } from '../parts';
import type { ISolving } from '../use-plan';

import type { TranslationBundle } from '@jupyterlab/translation';

import * as React from 'react';

/** How long the channels have been asked, with a way to stop that; or, once it was stopped, a way to begin again. */
export function Solving(props: {
  solving: ISolving;
  trans: TranslationBundle;
}): JSX.Element | null {
  const { solving, trans } = props;
  if (solving.isStopped) {
    return (
      <div className="jp-Envlink-solving">
        <ActionButton
          tone="main"
          label={trans.__('Solve again: ask the channels once more')}
          onClick={solving.again}
        >
          {trans.__('Solve again')}
        </ActionButton>
      </div>
    );
  }
  return solving.since === null ? null : (
    <div className="jp-Envlink-solving">
      <span className="jp-Envlink-elapsed">
        <Elapsed key={solving.since} since={solving.since} trans={trans} />
      </span>
      <ActionButton
        tone="warn"
        label={trans.__('Stop solving')}
        onClick={solving.stop}
      >
        {trans.__('Stop')}
      </ActionButton>
    </div>
  );
}

function Elapsed(props: {
  since: number;
  trans: TranslationBundle;
}): JSX.Element {
  const { since, trans } = props;
  const [now, setNow] = React.useState(Date.now());
  React.useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, Math.floor((now - since) / 1000));
  return <>{trans.__('Solving… %1 s', seconds)}</>;
}
