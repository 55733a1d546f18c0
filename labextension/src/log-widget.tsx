import { CommandIDs } from './ids';
import { jobSign, jobTitle } from './job-words';
import { hasEnded } from './jobs';
import { Log } from './log';
import type { IViewProps } from './parts';
import { ActionButton, ErrorBox, Sign } from './parts';
import { Progress } from './progress';
import type { IEnvlinkModel } from './tokens';

import { VDomRenderer } from '@jupyterlab/ui-components';

import type { IDisposable } from '@lumino/disposable';

import * as React from 'react';

interface ILogViewProps extends IViewProps {
  id: string;
}

/** A job with its log, as a view of its own. */
export class LogView extends VDomRenderer<IEnvlinkModel> {
  constructor(private _props: ILogViewProps) {
    super(_props.model);
    this.addClass('jp-Envlink-jobView');
    this._reading = _props.model.readLog(_props.id);
  }

  /** The id of the job. */
  get jobId(): string {
    return this._props.id;
  }

  dispose(): void {
    if (!this.isDisposed) {
      this._reading.dispose();
      super.dispose();
    }
  }

  protected render(): JSX.Element {
    return <JobLog {...this._props} />;
  }

  private _reading: IDisposable;
}

/** See `LogView`. */
export function JobLog(props: ILogViewProps): JSX.Element {
  const { commands, id, model, trans } = props;
  const job = model.jobs.find(each => each.id === id);
  const error = model.logError(id) ?? model.actionError(id);
  const title = job ? jobTitle(job, trans) : trans.__('Job %1', id);
  return (
    <>
      <div className="jp-Envlink-jobHead" data-status={job?.status}>
        <div className="jp-Envlink-title">
          <h2 className="jp-Envlink-name">{title}</h2>
          {job && <Sign sign={jobSign(job.status, trans)} />}
          {job && !hasEnded(job) && (
            <ActionButton
              tone="warn"
              label={trans.__('Cancel: %1', title)}
              reason={
                job.status === 'cancelling'
                  ? trans.__('It is being cancelled.')
                  : null
              }
              onClick={() =>
                void commands.execute(CommandIDs.cancelJob, { id })
              }
            >
              {trans.__('Cancel')}
            </ActionButton>
          )}
          {job && hasEnded(job) && job.status !== 'succeeded' && (
            <ActionButton
              tone="main"
              label={trans.__('Retry: %1', title)}
              onClick={() => void commands.execute(CommandIDs.retryJob, { id })}
            >
              {trans.__('Retry')}
            </ActionButton>
          )}
        </div>
        {job && !hasEnded(job) && (
          <Progress job={job} jobs={model.jobs} title={title} trans={trans} />
        )}
        {job?.error && <ErrorBox error={job.error} />}
        {error && <ErrorBox error={error} />}
      </div>
      <Log entries={model.log(id)} title={title} trans={trans} />
    </>
  );
}
