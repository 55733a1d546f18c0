import type { EnvlinkError } from '../error';
import { asEnvlinkError } from '../error';
import { ActionButton, ErrorBox } from '../parts';
import type { Envlink } from '../tokens';
import type { IPlanState } from '../use-plan';
import { requestOf } from '../use-plan';
import { obstacle } from './obstacle';
import type { IPaneProps } from './pane';
import { isChosen } from './subject';

import * as React from 'react';

/** The fields, with the button that does what is planned, and why it cannot where it cannot. */
export function Starter(
  props: IPaneProps & {
    job: Envlink.IJob | null;
    state: IPlanState;
    children: React.ReactNode;
  }
): JSX.Element {
  const { children, draft, job, model, state, trans, wish } = props;
  const [failure, setFailure] = React.useState<EnvlinkError | null>(null);
  const [isStarting, setStarting] = React.useState(false);
  const { operation } = wish.now;
  const readOnly = model.info?.read_only ?? false;
  const reason = obstacle(
    {
      ...state,
      operation,
      isChosen: isChosen(wish.now, model),
      isStarting,
      job,
      readOnly
    },
    trans
  );
  const start = async () => {
    setFailure(null);
    setStarting(true);
    try {
      wish.set({ job: (await started(props, state.plan?.name ?? '')).id });
    } catch (raised) {
      setFailure(asEnvlinkError(raised));
    }
    setStarting(false);
  };
  const word = operation === 'update' ? trans.__('Update') : trans.__('Create');
  return (
    <form
      className="jp-Envlink-starter"
      onSubmit={event => {
        event.preventDefault();
        if (reason === null) {
          void start();
        }
      }}
    >
      {children}
      {failure && <ErrorBox error={failure} />}
      <div className="jp-Envlink-start">
        <ActionButton
          tone="main"
          label={word}
          reason={reason}
          onClick={() => void start()}
        >
          {word}
        </ActionButton>
        <span className="jp-Envlink-obstacle">{reason}</span>
        {draft.isDirty && draft.path !== null && (
          <span className="jp-Envlink-hint">
            {trans.__('With the text as it is here; the file is not saved.')}
          </span>
        )}
      </div>
    </form>
  );
}

/** Begin to do what is planned. */
function started(
  { draft, model, wish }: IPaneProps,
  proposed: string
): Promise<Envlink.IJob> {
  const { id, name = proposed, operation, prune = false } = wish.now;
  const request = requestOf({ ...draft.file, text: draft.edited });
  return operation === 'update' && id !== undefined
    ? model.update(id, { ...request, prune })
    : model.create({ ...request, name });
}
