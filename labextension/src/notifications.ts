import { notebooksFor } from './belonging';
import { cancelledWords, outdatesKernels, successWords } from './endings';
import { CommandIDs } from './ids';
import { jobTitle, phaseWord } from './job-words';
import { bringsKernel, hasEnded } from './jobs';
import type { IPage } from './page';
import type { IViewProps } from './parts';
import type { NotificationSettings } from './notification-settings';
import { LONGEST_WAIT } from './removed-list';
import { sessionsIn } from './restarting';
import type { Envlink, IEnvlinkModel, IJobChange } from './tokens';

import { Notification } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { CommandRegistry } from '@lumino/commands';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';

/** Milliseconds for which the end of a job stays in sight. */
const END_SHOWN = 10000;

interface INotificationProps extends IViewProps {
  page: IPage;
  settings?: NotificationSettings;
}

/**
 * One notification per job, updated in place: what it is doing, then what came of it.
 */
export class JobNotifications implements IDisposable {
  constructor(props: INotificationProps) {
    const { commands, model, page, settings, trans } = props;
    this._commands = commands;
    this._model = model;
    this._page = page;
    this._settings = settings;
    this._trans = trans;
    this._model.jobChanged.connect(this._onJobChanged, this);
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    Signal.clearData(this);
  }

  private _onJobChanged(sender: unknown, change: IJobChange): void {
    const { job } = change;
    const said = this._said(job);
    if (
      said === this._last.get(job.id) ||
      this._settings?.isWanted(job.status) === false
    ) {
      return;
    }
    this._last.set(job.id, said);
    this._show(job);
  }

  /** What makes two notifications of one job differ for a reader. */
  private _said(job: Envlink.IJob): string {
    const tens = Math.floor((job.percent ?? 0) / 10);
    return `${job.status} ${job.phase} ${hasEnded(job) ? '' : tens}`;
  }

  private _show(job: Envlink.IJob): void {
    const { message, options, type } = this._notification(job);
    const id = this._ids.get(job.id);
    if (id && Notification.manager.has(id)) {
      Notification.update({ id, message, type, ...options });
    } else if (!id || hasEnded(job)) {
      // What somebody has put away comes back at its end only.
      this._ids.set(job.id, Notification.emit(message, type, options));
    }
    if (job.status === 'succeeded') {
      this._endUndo(job, this._ids.get(job.id) ?? '');
      if (outdatesKernels(job)) {
        void this._offerRestart(job, this._ids.get(job.id) ?? '');
      }
    }
  }

  private _notification(job: Envlink.IJob): {
    message: string;
    type: Notification.TypeOptions;
    options: Notification.IOptions<null>;
  } {
    const trans = this._trans;
    const title = jobTitle(job, trans);
    switch (job.status) {
      case 'succeeded':
        return {
          message: successWords(job, trans),
          type: 'success',
          options: { autoClose: END_SHOWN, actions: this._next(job) }
        };
      case 'failed':
      case 'interrupted':
        return {
          message: trans.__('%1: %2', title, firstLine(job)),
          type: 'error',
          // An error stays until somebody has seen it.
          options: {
            autoClose: false,
            actions: this._stayingActions(job, [
              [trans.__('Show log'), CommandIDs.showLog],
              [trans.__('Retry'), CommandIDs.retryJob]
            ])
          }
        };
      case 'cancelled':
        return {
          message: cancelledWords(job, title, trans),
          type: 'info',
          options: { autoClose: END_SHOWN, actions: [] }
        };
      default:
        return {
          message: job.phase
            ? trans.__('%1: %2', title, phaseWord(job.phase, trans))
            : title,
          type: 'in-progress',
          // Silent: the panel shows it already, the notification centre keeps it.
          options: {
            autoClose: 0,
            actions: this._stayingActions(job, [
              [trans.__('Show log'), CommandIDs.showLog],
              [trans.__('Cancel'), CommandIDs.cancelJob]
            ]),
            ...(job.percent === null ? {} : { progress: job.percent / 100 })
          }
        };
    }
  }

  private _next(job: Envlink.IJob): Notification.IAction[] {
    const trans = this._trans;
    const until = undoableUntil(job);
    if (until !== null) {
      return [
        this._action(trans.__('Undo'), CommandIDs.restore, { job: job.id })
      ];
    }
    if (!bringsKernel(job)) {
      return [];
    }
    const id = environmentOf(job);
    const cwd = this._model.folder(job.id);
    return [
      ...this._uses(job, id),
      this._action(trans.__('Open notebook'), CommandIDs.openNotebook, {
        id,
        cwd
      })
    ];
  }

  /** Notebooks of this page that the new environment is likely for. */
  private _uses(job: Envlink.IJob, id: string): Notification.IAction[] {
    const paths = notebooksFor(job, this._model, this._page).map(
      each => each.path
    );
    if (
      job.operation !== 'create' ||
      paths.length === 0 ||
      !this._commands.hasCommand(CommandIDs.useIn)
    ) {
      return [];
    }
    const trans = this._trans;
    const label =
      paths.length === 1
        ? trans.__('Use in %1', PathExt.basename(paths[0]))
        : trans._n('Use in one notebook', 'Use in %1 notebooks', paths.length);
    return [this._action(label, CommandIDs.useIn, { id, paths })];
  }

  /** What was removed cannot come back any more once its time is over. */
  private _endUndo(job: Envlink.IJob, id: string): void {
    const wait = (undoableUntil(job) ?? 0) - Date.now();
    if (wait > 0 && wait < LONGEST_WAIT) {
      setTimeout(() => Notification.dismiss(id), wait);
    }
  }

  /** Kernels that ran in what was changed go on with what it was: offer to restart those of this page. */
  private async _offerRestart(job: Envlink.IJob, id: string): Promise<void> {
    await this._model.refresh();
    const environment = this._model.environments.find(
      each => each.id === environmentOf(job)
    );
    const count = sessionsIn(environment, this._page).length;
    if (count > 0 && Notification.manager.has(id)) {
      const restart = this._action(
        this._trans._n('Restart its kernel', 'Restart its %1 kernels', count),
        CommandIDs.restartKernels,
        { id: environmentOf(job) }
      );
      Notification.update({ id, actions: [restart] });
    }
  }

  private _action(
    label: string,
    command: string,
    args: ReadonlyPartialJSONObject
  ): Notification.IAction {
    return {
      label,
      displayType: 'accent',
      callback: () => void this._commands.execute(command, args)
    };
  }

  /** What can be done with a job, as far as this page has the commands; the notification stays all the same. */
  private _stayingActions(
    job: Envlink.IJob,
    labels: [string, string][]
  ): Notification.IAction[] {
    return labels
      .filter(([, command]) => this._commands.hasCommand(command))
      .map(([label, command]) => {
        const { callback } = this._action(label, command, { id: job.id });
        return {
          label,
          callback: event => {
            event.preventDefault();
            callback(event);
          }
        };
      });
  }

  private _commands: CommandRegistry;
  private _ids = new Map<string, string>();
  private _isDisposed = false;
  private _last = new Map<string, string>();
  private _model: IEnvlinkModel;
  private _page: IPage;
  private _settings?: NotificationSettings;
  private _trans: TranslationBundle;
}

/** Why a job has failed, in a line: a notification has no room for a solver's tree. */
function firstLine({ error, message }: Envlink.IJob): string {
  return (error?.message ?? message).split('\n')[0];
}

/** The environment that a job is about, as it is once the job has succeeded. */
function environmentOf(job: Envlink.IJob): string {
  return job.result?.environment_id ?? job.environment_id;
}

/** Until when what a job has removed can come back, in milliseconds; `null` where it cannot. */
function undoableUntil({ operation, result }: Envlink.IJob): number | null {
  const until = operation === 'remove' ? (result?.undo_until ?? null) : null;
  return until === null ? null : Date.parse(until);
}
