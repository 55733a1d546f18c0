import { clockWord, elapsed, remaining, remainingWord } from './job-times';
import { bytesWord, phaseWord } from './job-words';
import type { Envlink } from './tokens';

import { checkIcon } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';

import * as React from 'react';

interface IProgressProps {
  job: Envlink.IJob;
  /** All jobs: how long others of its kind took. */
  jobs: readonly Envlink.IJob[];
  title: string;
  trans: TranslationBundle;
}

/** How far a job is, what it is at, for how long, and what is still to come. */
export function Progress(props: IProgressProps): JSX.Element {
  const { job, title, trans } = props;
  const percent = job.percent === null ? undefined : Math.floor(job.percent);
  const said = bytesWord(job, trans);
  return (
    <>
      <progress
        className="jp-Envlink-progress"
        max={100}
        value={percent}
        aria-label={title}
      />
      <div className="jp-Envlink-detail">
        <span className="jp-Envlink-phase" role="status">
          {beingDone(job, trans)}
        </span>
        {said && <span className="jp-Envlink-bytes">{said}</span>}
        {percent !== undefined && (
          <span className="jp-Envlink-percent">{`${percent} %`}</span>
        )}
      </div>
      <Times {...props} />
      {job.message && (
        <div className="jp-Envlink-package" title={job.message}>
          <bdi>{job.message}</bdi>
        </div>
      )}
      <Phases job={job} trans={trans} />
    </>
  );
}

/** For how long it has been running, and how long it may still take. */
function Times(props: IProgressProps): JSX.Element | null {
  const { job, jobs, trans } = props;
  const now = useNow();
  if (!job.started) {
    return null;
  }
  const rest = remaining(job, jobs, now);
  return (
    <div className="jp-Envlink-detail jp-Envlink-times">
      <span role="timer" aria-live="off" aria-label={trans.__('Elapsed time')}>
        {clockWord(elapsed(job, now))}
      </span>
      {rest !== null && <span>{remainingWord(rest, trans)}</span>}
    </div>
  );
}

/** The phases that a job goes through: done, current, to come. */
function Phases(props: {
  job: Envlink.IJob;
  trans: TranslationBundle;
}): JSX.Element | null {
  const { job, trans } = props;
  const at = job.phase ? job.phases.indexOf(job.phase) : -1;
  return job.phases.length > 1 ? (
    <ol className="jp-Envlink-phases" aria-label={trans.__('Phases')}>
      {job.phases.map((phase, index) => (
        <li
          key={phase}
          data-phase={phase}
          data-is={index < at ? 'done' : index === at ? 'current' : 'to-come'}
          aria-current={index === at ? 'step' : undefined}
        >
          {index < at && (
            <checkIcon.react
              tag="span"
              className="jp-Envlink-icon"
              title={trans.__('Done')}
            />
          )}
          {phaseWord(phase, trans)}
        </li>
      ))}
    </ol>
  ) : null;
}

function beingDone(job: Envlink.IJob, trans: TranslationBundle): string {
  switch (job.status) {
    case 'queued':
      return trans.__('It waits for its turn');
    case 'cancelling':
      return trans.__('It is being undone');
    default:
      return job.phase ? phaseWord(job.phase, trans) : trans.__('Starting');
  }
}

/** The time, each second. */
function useNow(): number {
  const [now, setNow] = React.useState(Date.now);
  React.useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
