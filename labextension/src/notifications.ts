import { CommandIDs } from './ids';
import { bringsKernel, hasEnded } from './jobs';
import type { Envlink, IEnvlinkModel } from './tokens';
import { jobTitle, phaseWord } from './words';

import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { CommandRegistry } from '@lumino/commands';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';

/** Milliseconds for which the end of a job stays in sight. */
const END_SHOWN = 10000;

/**
 * One notification per job, updated in place: what it is doing, then what came of it.
 */
export class JobNotifications implements IDisposable {
  constructor(
    private _model: IEnvlinkModel,
    private _commands: CommandRegistry,
    private _trans: TranslationBundle
  ) {
    this._model.jobChanged.connect(this._onJobChanged, this);
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    Signal.clearData(this);
  }

  private _onJobChanged(sender: unknown, change: Envlink.IJobChange): void {
    const { before, job } = change;
    const said = this._said(job);
    if (said === this._last.get(job.id)) {
      return;
    }
    // An old job that this page never saw running is no news.
    if (hasEnded(job) && before === null && !this._ids.has(job.id)) {
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
    } else {
      this._ids.set(job.id, Notification.emit(message, type, options));
    }
  }

  private _notification(job: Envlink.IJob): {
    message: string;
    type: Notification.TypeOptions;
    options: Notification.IOptions<null>;
  } {
    const trans = this._trans;
    const title = jobTitle(job, trans);
    const log = this._action(trans.__('Show log'), CommandIDs.showLog, job.id);
    switch (job.status) {
      case 'succeeded':
        return {
          message: this._success(job),
          type: 'success',
          options: { autoClose: END_SHOWN, actions: this._next(job) }
        };
      case 'failed':
      case 'interrupted':
        return {
          message: trans.__('%1: %2', title, job.error?.message ?? job.message),
          type: 'error',
          options: { autoClose: END_SHOWN, actions: [log] }
        };
      case 'cancelled':
        return {
          message: trans.__('%1 was cancelled; nothing is left of it.', title),
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
            actions: [log],
            ...(job.percent === null ? {} : { progress: job.percent / 100 })
          }
        };
    }
  }

  private _success(job: Envlink.IJob): string {
    const trans = this._trans;
    switch (job.operation) {
      case 'create':
        return trans.__('%1 is ready, and in the kernel menu.', job.name);
      case 'install-kernel':
        return trans.__('%1 has a kernel now.', job.name);
      case 'overlay':
        return trans.__(
          '%1 has a kernel now; the environment itself was not touched.',
          job.name
        );
      case 'remove':
        return trans.__('%1 was removed.', job.name);
      case 'restore':
        return trans.__('%1 is back.', job.name);
      case 'pack':
        return trans.__('%1 is packed: %2', job.name, job.result?.path ?? '');
    }
  }

  private _next(job: Envlink.IJob): Notification.IAction[] {
    if (!bringsKernel(job)) {
      return [];
    }
    const cwd = this._model.folder(job.id);
    return [
      {
        label: this._trans.__('Open notebook'),
        displayType: 'accent',
        callback: () =>
          void this._commands.execute(CommandIDs.openNotebook, {
            id: job.environment_id,
            cwd
          })
      }
    ];
  }

  private _action(
    label: string,
    command: string,
    id: string
  ): Notification.IAction {
    return {
      label,
      callback: event => {
        event.preventDefault();
        void this._commands.execute(command, { id });
      }
    };
  }

  private _ids = new Map<string, string>();
  private _isDisposed = false;
  private _last = new Map<string, string>();
}
