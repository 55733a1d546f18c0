import { jobSign, jobTitle } from '../job-words';
import { Log } from '../log';
import { timeWord } from '../moments';
import { ActionButton, ErrorBox, Sign } from '../parts';
import type { Envlink } from '../tokens';
import type { IPartProps } from './parts';

import * as React from 'react';

/** What was done with it, each with its log, the newest first. */
export function PastJobs(props: IPartProps): JSX.Element {
  const { environment, model, trans } = props;
  const jobs = model.jobs.filter(job => isOf(job, environment.id));
  return jobs.length > 0 ? (
    <ul
      className="jp-EnvlinkView-list"
      aria-label={trans.__('Jobs of %1', environment.name)}
    >
      {jobs.map(job => (
        <PastJob key={job.id} {...props} job={job} />
      ))}
    </ul>
  ) : (
    <p className="jp-EnvlinkView-quiet">
      {trans.__('No job that has changed it is remembered.')}
    </p>
  );
}

function isOf(job: Envlink.IJob, id: string): boolean {
  return job.environment_id === id;
}

function PastJob(props: IPartProps & { job: Envlink.IJob }): JSX.Element {
  const { job, model, trans } = props;
  const title = jobTitle(job, trans);
  const moment = job.finished ?? job.created;
  const isFollowed = model.isFollowed(job.id);
  return (
    <li data-past-job={job.id}>
      <div className="jp-EnvlinkView-row">
        <b>{title}</b>
        <Sign sign={jobSign(job.status, trans)} />
        <time dateTime={moment}>{timeWord(moment)}</time>
        <ActionButton
          label={
            isFollowed
              ? trans.__('Hide the log: %1', title)
              : trans.__('Show the log: %1', title)
          }
          expanded={isFollowed}
          onClick={() => model.follow(job.id, !isFollowed)}
        >
          {isFollowed ? trans.__('Hide log') : trans.__('Show log')}
        </ActionButton>
      </div>
      {job.error && <ErrorBox error={job.error} />}
      {isFollowed && (
        <Log entries={model.log(job.id)} title={title} trans={trans} />
      )}
    </li>
  );
}
