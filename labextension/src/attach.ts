import { notebooks } from './belonging';
import type { EnvlinkError } from './error';
import { CommandIDs } from './ids';
import type { IPage } from './page';
import type { IViewProps } from './parts';
import type { IEnvlinkModel, IJobChange } from './tokens';

import type { ISessionContext } from '@jupyterlab/apputils';
import { Notification } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import type { KernelSpec } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { CommandRegistry } from '@lumino/commands';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';

/** Milliseconds for which it stays in sight that a notebook has its kernel. */
const END_SHOWN = 8000;

interface IAttacherOptions extends IViewProps {
  kernelspecs: KernelSpec.IManager;
  page: IPage;
}

/**
 * Brings notebooks to the environments that are made for them.
 */
export class Attacher implements IDisposable {
  constructor({ commands, kernelspecs, model, page, trans }: IAttacherOptions) {
    this._commands = commands;
    this._kernelspecs = kernelspecs;
    this._model = model;
    this._page = page;
    this._trans = trans;
    model.jobChanged.connect(this._onJobChanged, this);
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    Signal.clearData(this);
  }

  /** An environment is about to be made of a file for a notebook, which gets its kernel as soon as it is there. */
  want(notebook: string, file: string): void {
    this._wanted.set(file, notebook);
  }

  /** Let notebooks run on an environment. Rejects with what went wrong with the first. */
  async use(environmentId: string, paths: readonly string[]): Promise<void> {
    const name = await this._model.kernelOf(environmentId);
    const meant = notebooks(this._page).filter(each =>
      paths.includes(each.path)
    );
    if (name === null || meant.length === 0) {
      return;
    }
    await Promise.all(meant.map(each => each.changeKernel({ name })));
    const trans = this._trans;
    const kernel =
      this._kernelspecs.specs?.kernelspecs[name]?.display_name ?? name;
    const said =
      meant.length === 1
        ? trans.__(
            '%1 runs on %2 now.',
            PathExt.basename(meant[0].path),
            kernel
          )
        : trans._n(
            'One notebook runs on %2 now.',
            '%1 notebooks run on %2 now.',
            meant.length,
            kernel
          );
    Notification.success(said, { autoClose: END_SHOWN });
  }

  /** Where a notebook asks for a kernel that there is not, and a file beside it can make one: offer that. */
  async offer(context: ISessionContext, kernel: string): Promise<void> {
    await this._kernelspecs.ready;
    const { path } = context;
    if (!kernel || this._kernelspecs.specs?.kernelspecs[kernel]) {
      return;
    }
    const file = await this._fileBeside(path);
    if (file && !this._offered.has(path)) {
      this._offered.add(path);
      this._showOffer(path, kernel, file);
    }
  }

  private _showOffer(path: string, kernel: string, file: string): void {
    const trans = this._trans;
    const id: string = Notification.info(
      trans.__(
        'The kernel %1 of %2 is not here. %3 beside it can make an environment.',
        kernel,
        PathExt.basename(path),
        PathExt.basename(file)
      ),
      {
        autoClose: false,
        actions: [
          {
            label: trans.__('Create environment…'),
            displayType: 'accent',
            callback: () => {
              Notification.dismiss(id);
              void this._commands.execute(CommandIDs.createForNotebook, {
                notebook: path,
                path: file
              });
            }
          }
        ]
      }
    );
  }

  /** The environment file in a notebook's folder of which nothing was made yet; nothing where there is none. */
  private async _fileBeside(notebook: string): Promise<string | null> {
    try {
      const { files } = await this._model.files(notebook);
      const folder = PathExt.dirname(notebook);
      const found = files.find(
        each =>
          PathExt.dirname(each.path) === folder &&
          each.environment_id === null &&
          each.errors === 0
      );
      return found?.path ?? null;
    } catch (reason) {
      // It was only to be offered; the panel says what is wrong with the server.
      console.warn('jupyter_envlink: no answer to "files".', reason);
      return null;
    }
  }

  private _onJobChanged(sender: unknown, change: IJobChange): void {
    const { before, job } = change;
    const notebook = this._wanted.get(this._model.source(job.id));
    if (job.operation !== 'create' || job.status !== 'succeeded') {
      return;
    }
    if (before !== job.status && notebook !== undefined) {
      this._wanted.delete(this._model.source(job.id));
      void this._useAndTell(
        job.result?.environment_id ?? job.environment_id,
        notebook
      );
    }
  }

  private async _useAndTell(id: string, notebook: string): Promise<void> {
    try {
      await this.use(id, [notebook]);
    } catch (reason) {
      await showUseError(reason as EnvlinkError, this._trans);
    }
  }

  private _commands: CommandRegistry;
  private _isDisposed = false;
  private _kernelspecs: KernelSpec.IManager;
  private _model: IEnvlinkModel;
  private _offered = new Set<string>();
  private _page: IPage;
  private _trans: TranslationBundle;
  private _wanted = new Map<string, string>();
}

/** Say why a notebook has not got its kernel. */
export async function showUseError(
  reason: unknown,
  trans: TranslationBundle
): Promise<void> {
  const { showError } = await import('./dialogs');
  const message = reason instanceof Error ? reason.message : String(reason);
  const title = trans.__('The kernel could not be changed');
  await showError(title, { message, remedy: '' }, trans);
}
