import { environmentIcon } from './icons';
import { CommandIDs } from './ids';
import { hasEnded } from './jobs';
import type { IViewProps } from './parts';
import type { Envlink, IEnvlinkModel } from './tokens';

import { VDomRenderer } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';

import * as React from 'react';

/** In the status bar, while anything is being made or changed: how much, and how far. */
export class JobsStatus extends VDomRenderer<IEnvlinkModel> {
  constructor(private _props: IViewProps) {
    super(_props.model);
    this.addClass('jp-Envlink-status');
  }

  protected render(): JSX.Element {
    return <Status {...this._props} />;
  }
}

/** Those under way. */
export function runningJobs(model: IEnvlinkModel): Envlink.IJob[] {
  return model.jobs.filter(job => !hasEnded(job));
}

function Status(props: IViewProps): JSX.Element {
  const { commands, model, trans } = props;
  const running = runningJobs(model);
  const percent = meanPercent(running);
  const said = countWords(running.length, trans);
  return (
    <>
      <button
        type="button"
        className="jp-Envlink-statusButton"
        title={trans.__('Show the jobs')}
        aria-label={trans.__(
          '%1, %2 percent done: show the jobs',
          said,
          percent
        )}
        onClick={() =>
          void commands.execute(CommandIDs.openPanel, { jobs: true })
        }
      >
        <environmentIcon.react
          tag="span"
          className="jp-Envlink-icon"
          aria-hidden="true"
        />
        <span>{`${running.length} · ${percent} %`}</span>
      </button>
      <span role="status" className="jp-Envlink-aside">
        {said}
      </span>
    </>
  );
}

/** How far they are all together. */
function meanPercent(jobs: Envlink.IJob[]): number {
  const sum = jobs.reduce((all, job) => all + (job.percent ?? 0), 0);
  return jobs.length > 0 ? Math.floor(sum / jobs.length) : 0;
}

function countWords(count: number, trans: TranslationBundle): string {
  return trans._n(
    'One environment is being worked on',
    '%1 environments are being worked on',
    count
  );
}
