import { environmentIcon } from './icons';
import { CommandIDs } from './ids';
import { jobSign, jobTitle, phaseWord } from './job-words';
import { runningJobs } from './jobs-status';
import type { IViewProps } from './parts';
import type { Envlink, IEnvlinkModel } from './tokens';

import type { IRunningSessions } from '@jupyterlab/running';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { CommandRegistry } from '@lumino/commands';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

/** The jobs under way, for the panel of what runs; shutting one down cancels it. */
export class RunningJobs implements IRunningSessions.IManager {
  constructor({ commands, model, trans }: IViewProps) {
    this._commands = commands;
    this._model = model;
    this._trans = trans;
    this.name = trans.__('Environment Jobs');
    this.shutdownLabel = trans.__('Cancel');
    this.shutdownAllLabel = trans.__('Cancel All');
    this.shutdownAllConfirmationText = trans.__(
      'Are you sure you want to cancel all jobs? What they have done is undone.'
    );
    model.jobChanged.connect(() => this._runningChanged.emit());
  }

  readonly name: string;
  readonly shutdownLabel: string;
  readonly shutdownAllLabel: string;
  readonly shutdownAllConfirmationText: string;
  readonly supportsMultipleViews = false;

  get runningChanged(): ISignal<this, void> {
    return this._runningChanged;
  }

  running(): IRunningSessions.IRunningItem[] {
    return runningJobs(this._model).map(job => this._item(job));
  }

  shutdownAll(): void {
    for (const { id } of runningJobs(this._model)) {
      this._cancel(id);
    }
  }

  refreshRunning(): void {
    void this._model.refresh();
  }

  private _item(job: Envlink.IJob): IRunningSessions.IRunningItem {
    const trans = this._trans;
    const doing = job.phase
      ? phaseWord(job.phase, trans)
      : jobSign(job.status, trans).word;
    return {
      label: () => jobTitle(job, trans),
      labelTitle: () => job.prefix,
      detail: () =>
        job.percent === null
          ? doing
          : trans.__('%1, %2 %', doing, Math.floor(job.percent)),
      icon: () => environmentIcon,
      open: () =>
        void this._commands.execute(CommandIDs.openPanel, { jobs: true }),
      shutdown: () => this._cancel(job.id)
    };
  }

  private _cancel(id: string): void {
    void this._model.cancel(id);
  }

  private _commands: CommandRegistry;
  private _model: IEnvlinkModel;
  private _runningChanged = new Signal<this, void>(this);
  private _trans: TranslationBundle;
}
