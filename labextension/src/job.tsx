import { causesOf } from './causes';
import { CommandIDs } from './ids';
import { jobSign, jobTitle } from './job-words';
import { bringsKernel, hasEnded } from './jobs';
import { Log } from './log';
import { timeWord } from './moments';
import type { IViewProps } from './parts';
import { ActionButton, ErrorBox, Sign } from './parts';
import { Progress } from './progress';
import type { Envlink, IEnvlinkModel } from './tokens';
import { sizeWord } from './words';

import { VDomRenderer } from '@jupyterlab/ui-components';

import * as React from 'react';

/** Ended jobs shown before somebody asks for the others. */
const SHORT = 5;

/** The jobs: those under way and the last ones that ended. */
export class JobsView extends VDomRenderer<IEnvlinkModel> {
  constructor(private _props: IViewProps) {
    super(_props.model);
    this.addClass('jp-Envlink-section');
  }

  protected render(): JSX.Element {
    return <Jobs {...this._props} />;
  }
}

/** See `JobsView`. */
export function Jobs(props: IViewProps): JSX.Element {
  const { commands, model, trans } = props;
  const [all, setAll] = React.useState(false);
  const running = model.jobs.filter(job => !hasEnded(job));
  const ended = model.jobs.filter(hasEnded);
  const shown = running.concat(all ? ended : ended.slice(0, SHORT));
  // Where nothing can be read, the list of environments says so.
  const error = model.error ? null : model.jobsError;
  return (
    <>
      {error && (
        <ErrorBox error={error}>
          <ActionButton
            label={trans.__('Retry to read the jobs')}
            onClick={() => void commands.execute(CommandIDs.refresh)}
          >
            {trans.__('Retry')}
          </ActionButton>
        </ErrorBox>
      )}
      {shown.length > 0 ? (
        <ul className="jp-Envlink-list" aria-label={trans.__('Jobs')}>
          {shown.map(job => (
            <JobRow key={job.id} {...props} job={job} />
          ))}
        </ul>
      ) : (
        !model.jobsError && (
          <p className="jp-Envlink-empty">
            {model.isLoading
              ? trans.__('Looking for jobs…')
              : trans.__(
                  'Nothing is being created, changed or removed. What is, appears here with its progress and its log.'
                )}
          </p>
        )
      )}
      {!all && ended.length > SHORT && (
        <ActionButton
          label={trans.__('Show all jobs')}
          onClick={() => setAll(true)}
        >
          {trans.__('Show %1 older jobs', ended.length - SHORT)}
        </ActionButton>
      )}
    </>
  );
}

/** One job: what it does, how far it is, what it says. */
export function JobRow(props: IViewProps & { job: Envlink.IJob }): JSX.Element {
  const { commands, job, model, trans } = props;
  const title = jobTitle(job, trans);
  const error = model.actionError(job.id);
  const followed = model.isFollowed(job.id);
  return (
    <li
      className="jp-Envlink-row"
      data-job={job.id}
      data-operation={job.operation}
      data-status={job.status}
    >
      <div className="jp-Envlink-title">
        <span className="jp-Envlink-name" title={job.prefix}>
          {title}
        </span>
        <Sign sign={jobSign(job.status, trans)} />
      </div>
      {hasEnded(job) ? (
        <Ending job={job} />
      ) : (
        <Progress job={job} jobs={model.jobs} title={title} trans={trans} />
      )}
      {job.error && <ErrorBox error={job.error} />}
      {error && <ErrorBox error={error} />}
      <JobButtons {...props} title={title} followed={followed} />
      {followed && (
        <>
          {model.logError(job.id) && (
            <ErrorBox error={model.logError(job.id)!} />
          )}
          <Log entries={model.log(job.id)} title={title} trans={trans}>
            {commands.hasCommand(CommandIDs.showLog) && (
              <ActionButton
                label={trans.__('Open the log in a tab: %1', title)}
                onClick={() =>
                  void commands.execute(CommandIDs.showLog, { id: job.id })
                }
              >
                {trans.__('Open in a tab')}
              </ActionButton>
            )}
          </Log>
        </>
      )}
    </li>
  );
}

/** When a job ended, and what it said last where that is not told otherwise. */
function Ending(props: { job: Envlink.IJob }): JSX.Element {
  const { error, finished, message, result, status } = props.job;
  return (
    <div className="jp-Envlink-detail">
      {finished && <time dateTime={finished}>{timeWord(finished)}</time>}
      {!error && status !== 'succeeded' && <span>{message}</span>}
      {result?.path && <code>{result.path}</code>}
      {result?.bytes && <span>{sizeWord(result.bytes)}</span>}
    </div>
  );
}

function JobButtons(
  props: IViewProps & { job: Envlink.IJob; title: string; followed: boolean }
): JSX.Element {
  const { commands, followed, job, model, title, trans } = props;
  const run = (command: string) => () =>
    void commands.execute(command, { id: job.id });
  const busy = model.isBusy(job.id) ? trans.__('One moment…') : null;
  const made = model.environments.find(each => each.id === job.environment_id);
  const isMendable =
    ['create', 'update'].includes(job.operation) &&
    causesOf(job.error).length > 0;
  return (
    <div className="jp-Envlink-buttons">
      {job.status === 'succeeded' &&
        bringsKernel(job) &&
        made?.state === 'ready' &&
        made.attached && (
          <ActionButton
            tone="main"
            label={trans.__('Open a notebook in %1', job.name)}
            onClick={() =>
              void commands.execute(CommandIDs.openNotebook, {
                id: job.environment_id,
                cwd: model.folder(job.id)
              })
            }
          >
            {trans.__('Open notebook')}
          </ActionButton>
        )}
      {isMendable && (
        <ActionButton
          tone="main"
          label={trans.__('What can be done: %1', title)}
          onClick={run(CommandIDs.mendJob)}
          reason={busy}
        >
          {trans.__('What can be done')}
        </ActionButton>
      )}
      {hasEnded(job) && job.status !== 'succeeded' && (
        <ActionButton
          tone={isMendable ? undefined : 'main'}
          label={trans.__('Retry: %1', title)}
          onClick={run(CommandIDs.retryJob)}
          reason={busy}
        >
          {trans.__('Retry')}
        </ActionButton>
      )}
      {!hasEnded(job) && (
        <ActionButton
          tone="warn"
          label={trans.__('Cancel: %1', title)}
          onClick={run(CommandIDs.cancelJob)}
          reason={
            job.status === 'cancelling'
              ? trans.__('It is being cancelled.')
              : busy
          }
        >
          {trans.__('Cancel')}
        </ActionButton>
      )}
      <ActionButton
        label={
          followed
            ? trans.__('Hide the log: %1', title)
            : trans.__('Show the log: %1', title)
        }
        expanded={followed}
        onClick={() => model.follow(job.id, !followed)}
      >
        {followed ? trans.__('Hide log') : trans.__('Show log')}
      </ActionButton>
    </div>
  );
}
