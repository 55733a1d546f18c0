import { CommandIDs } from '../ids';
import type { IViewProps } from '../parts';
import { ActionButton, ErrorBox } from '../parts';
import { ageWord } from '../words';

import * as React from 'react';

/** Milliseconds after which an age is told anew. */
const TICK = 15000;

/** Why the list cannot be read, and of which moment it is then. */
export function ListError(props: IViewProps): JSX.Element | null {
  const { commands, model, trans } = props;
  const { error, readAt } = model;
  return error ? (
    <>
      <ErrorBox error={error}>
        <ActionButton
          label={trans.__('Retry to read the environments')}
          onClick={() => void commands.execute(CommandIDs.refresh)}
        >
          {trans.__('Retry')}
        </ActionButton>
      </ErrorBox>
      {readAt !== null && <Age {...props} readAt={readAt} />}
    </>
  ) : null;
}

function Age(props: IViewProps & { readAt: number }): JSX.Element {
  const { readAt, trans } = props;
  const [, tick] = React.useReducer((ticks: number) => ticks + 1, 0);
  React.useEffect(() => {
    const timer = setInterval(tick, TICK);
    return () => clearInterval(timer);
  }, []);
  const age = ageWord((Date.now() - readAt) / 1000, trans);
  return (
    <p className="jp-Envlink-notice jp-Envlink-age">
      {trans.__('What was there %1 ago is shown.', age)}
    </p>
  );
}
