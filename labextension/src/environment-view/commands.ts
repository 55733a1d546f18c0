import { text } from '../args';
import { chosen, describeEnvironment, meant } from '../choosing';
import type { ICommandsOptions } from '../commands';
import type { EnvlinkError } from '../error';
import { environmentIcon } from '../icons';
import { CommandIDs } from '../ids';
import type { Envlink } from '../tokens';

import type { TranslationBundle } from '@jupyterlab/translation';
import { copyIcon, terminalIcon } from '@jupyterlab/ui-components';

/** What the commands of an environment's view need. */
export interface IViewCommandsOptions extends Pick<
  ICommandsOptions,
  'browsers' | 'commands' | 'model' | 'page' | 'trans'
> {
  /** Show the view of an environment, with one of its tabs where one is named. */
  show: (id: string, tab: string) => Promise<void>;
  /** Why no terminal can be opened; `null` where one can. */
  terminalObstacle: () => string | null;
  /** End a kernel of this server, and the session that it belongs to. */
  shutDown: (kernel: string) => Promise<void>;
}

/** Opens a terminal by its name: JupyterLab's own. */
const OPEN_TERMINAL = 'terminal:open';

/**
 * Add the commands that show an environment, and lead to where it is.
 */
export function addViewCommands(options: IViewCommandsOptions): void {
  addOpenCommand(options);
  addTerminalCommand(options);
  addCopyPathCommand(options);
  addShutDownCommand(options);
}

/** Whether this page shows terminals, and the server has them. */
export function hasTerminals(
  { commands }: Pick<IViewCommandsOptions, 'commands'>,
  isAvailable: boolean
): boolean {
  return isAvailable && commands.hasCommand(OPEN_TERMINAL);
}

function addOpenCommand(options: IViewCommandsOptions): void {
  const { commands, show, trans } = options;
  commands.addCommand(CommandIDs.openEnvironment, {
    label: args =>
      args['clicked'] ? trans.__('Open') : trans.__('Open Environment…'),
    caption: trans.__(
      'Show the packages, the disk, the history and the kernels of an environment'
    ),
    icon: environmentIcon,
    describedBy: describeEnvironment(options, {
      tab: {
        type: 'string',
        enum: [
          'packages',
          'disk',
          'history',
          'jobs',
          'exports',
          'variables',
          'kernels'
        ],
        description: trans.__('What to show of it')
      }
    }),
    isVisible: args => !args['clicked'] || meant(options, args) !== null,
    execute: async args => {
      // What is restored with the page may not be known yet, or not any more: the view says so.
      const id = text(args, 'id') || (await chosen(options, args))?.id;
      if (id) {
        await show(id, text(args, 'tab'));
      }
    }
  });
}

function addTerminalCommand(options: IViewCommandsOptions): void {
  const { browsers, commands, model, terminalObstacle, trans } = options;
  commands.addCommand(CommandIDs.openTerminal, {
    label: args =>
      args['clicked']
        ? trans.__('Open Terminal Here')
        : trans.__('Open Terminal in Environment…'),
    caption: () =>
      terminalObstacle() ??
      trans.__('Open a terminal in which an environment is activated'),
    icon: terminalIcon,
    describedBy: describeEnvironment(options),
    isEnabled: () => terminalObstacle() === null,
    execute: async args => {
      const environment = await chosen(options, args);
      if (!environment) {
        return;
      }
      const cwd = browsers?.tracker.currentWidget?.model.path ?? '';
      try {
        const name = await model.terminal(environment.id, cwd);
        await commands.execute(OPEN_TERMINAL, { name });
      } catch (reason) {
        const { showError } = await import('../dialogs');
        const title = trans.__(
          'No terminal could be opened in %1',
          environment.name
        );
        await showError(title, reason as EnvlinkError, trans);
      }
    }
  });
}

function addCopyPathCommand(options: IViewCommandsOptions): void {
  const { commands, trans } = options;
  commands.addCommand(CommandIDs.copyPath, {
    label: args =>
      args['clicked']
        ? trans.__('Copy Path')
        : trans.__('Copy Path of Environment…'),
    icon: copyIcon,
    describedBy: describeEnvironment(options),
    execute: async args => {
      const environment = await chosen(options, args);
      if (environment) {
        await copyPath(environment, trans);
      }
    }
  });
}

async function copyPath(
  { name, prefix }: Envlink.IEnvironment,
  trans: TranslationBundle
): Promise<void> {
  const { Notification } = await import('@jupyterlab/apputils');
  const { copyText } = await import('../copying');
  try {
    await copyText(prefix);
    const said = trans.__('The path of %1 was copied.', name);
    Notification.success(said, { autoClose: 3000 });
  } catch (reason) {
    const said = trans.__('The browser did not let %1 be copied.', prefix);
    Notification.error(said, { autoClose: false });
    console.warn('jupyter_envlink: nothing was copied.', reason);
  }
}

function addShutDownCommand(options: IViewCommandsOptions): void {
  const { commands, model, shutDown, trans } = options;
  commands.addCommand(CommandIDs.shutDownKernel, {
    label: trans.__('Shut Down a Kernel of an Environment'),
    describedBy: {
      args: {
        type: 'object',
        properties: {
          kernel: {
            type: 'string',
            description: trans.__('The id of the running kernel')
          }
        },
        required: ['kernel']
      }
    },
    execute: async args => {
      try {
        await shutDown(text(args, 'kernel'));
      } catch (reason) {
        const { showError } = await import('../dialogs');
        const message =
          reason instanceof Error ? reason.message : String(reason);
        const title = trans.__('The kernel could not be shut down');
        await showError(title, { message, remedy: '' }, trans);
      }
      await model.refresh();
    }
  });
}
