import type { EnvlinkError } from './api';
import type { IFilesOptions } from './files';
import { chooseFile, selectedFile } from './files';
import { environmentIcon } from './icons';
import { CommandIDs } from './ids';
import type { Envlink, IEnvlinkModel } from './tokens';

import { addIcon, refreshIcon } from '@jupyterlab/ui-components';

import type { CommandRegistry } from '@lumino/commands';
import type {
  ReadonlyJSONObject,
  ReadonlyPartialJSONObject
} from '@lumino/coreutils';

/** What the commands need. */
export interface ICommandsOptions extends IFilesOptions {
  commands: CommandRegistry;
  model: IEnvlinkModel;
  /** Bring the panel into view, with the jobs if asked. */
  openPanel: (jobs: boolean) => void;
}

/**
 * Add the commands of this extension.
 */
export function addCommands(options: ICommandsOptions): void {
  addPanelCommands(options);
  addCreateCommand(options);
  addEnvironmentCommands(options);
  addJobCommands(options);
}

function addPanelCommands(options: ICommandsOptions): void {
  const { commands, model, openPanel, trans } = options;
  commands.addCommand(CommandIDs.openPanel, {
    label: trans.__('Environments and Kernels'),
    caption: trans.__('Show the environments of this machine'),
    icon: environmentIcon,
    describedBy: { args: { type: 'object', properties: {} } },
    execute: () => openPanel(false)
  });
  commands.addCommand(CommandIDs.refresh, {
    label: trans.__('Refresh Environments'),
    caption: trans.__('Look for environments again'),
    icon: refreshIcon,
    describedBy: {
      args: {
        type: 'object',
        properties: {
          disk: {
            type: 'boolean',
            description: trans.__('Whether to look at the disk first')
          }
        }
      }
    },
    execute: args => model.refresh(args['disk'] === true)
  });
}

function addCreateCommand(options: ICommandsOptions): void {
  const { commands, model, openPanel, trans } = options;
  commands.addCommand(CommandIDs.createEnvironment, {
    label: trans.__('Create environment…'),
    caption: trans.__('Create an environment from a file'),
    icon: args => (args['choose'] ? addIcon : environmentIcon),
    describedBy: {
      args: {
        type: 'object',
        properties: {
          path: {
            type: 'string',
            description: trans.__('The environment file, by its path')
          },
          choose: {
            type: 'boolean',
            description: trans.__(
              'Whether to ask for the file, instead of taking the selected one'
            )
          }
        }
      }
    },
    execute: async args => {
      const path =
        text(args, 'path') ||
        (args['choose'] ? '' : selectedFile(options.browsers)) ||
        (await chooseFile(options));
      const { askToCreate, showError } = await import('./dialogs');
      const name = path ? await askToCreate(model, path, trans) : null;
      if (!path || !name) {
        return;
      }
      try {
        await model.create({ path, name });
        openPanel(true);
      } catch (reason) {
        await showError(
          trans.__('%1 could not be created', name),
          reason as EnvlinkError,
          trans
        );
      }
    }
  });
}

function addEnvironmentCommands(options: ICommandsOptions): void {
  const { commands, model, openPanel, trans } = options;
  commands.addCommand(CommandIDs.openNotebook, {
    label: trans.__('Open Notebook in Environment'),
    describedBy: describeId(trans.__('The id of the environment'), {
      cwd: {
        type: 'string',
        description: trans.__('The folder of the new notebook')
      }
    }),
    execute: async args => {
      const id = text(args, 'id');
      const kernelName = await model.kernelOf(id);
      if (kernelName) {
        const cwd = text(args, 'cwd');
        await commands.execute('notebook:create-new', { cwd, kernelName });
      } else {
        await showNoKernel(options);
      }
    }
  });
  commands.addCommand(CommandIDs.attach, {
    label: trans.__('Attach Environment'),
    describedBy: describeId(trans.__('The id of the environment')),
    execute: async args => {
      const id = text(args, 'id');
      const before = model.jobs.length;
      await model.attach(id);
      if (model.jobs.length > before) {
        openPanel(true);
      }
    }
  });
  commands.addCommand(CommandIDs.detach, {
    label: trans.__('Detach Environment'),
    describedBy: describeId(trans.__('The id of the environment')),
    execute: args => model.detach(text(args, 'id'))
  });
  commands.addCommand(CommandIDs.remove, {
    label: trans.__('Remove Environment…'),
    describedBy: describeId(trans.__('The id of the environment')),
    execute: async args => {
      const id = text(args, 'id');
      // Which kernels run in it may have changed since the list was read.
      await model.refresh();
      const environment = model.environments.find(each => each.id === id);
      if (environment && (await removeAsked(options, environment))) {
        openPanel(true);
      }
    }
  });
  commands.addCommand(CommandIDs.dismissError, {
    label: trans.__('Dismiss the Message of an Environment'),
    describedBy: describeId(trans.__('The id of the environment or the job')),
    execute: args => model.dismissError(text(args, 'id'))
  });
}

function addJobCommands(options: ICommandsOptions): void {
  const { commands, model, openPanel, trans } = options;
  const describedBy = describeId(trans.__('The id of the job'));
  commands.addCommand(CommandIDs.cancelJob, {
    label: trans.__('Cancel Job'),
    describedBy,
    execute: args => model.cancel(text(args, 'id'))
  });
  commands.addCommand(CommandIDs.retryJob, {
    label: trans.__('Retry Job'),
    describedBy,
    execute: args => model.retry(text(args, 'id'))
  });
  commands.addCommand(CommandIDs.showLog, {
    label: trans.__('Show the Log of a Job'),
    describedBy,
    execute: args => {
      openPanel(true);
      model.follow(text(args, 'id'), true);
    }
  });
}

/** An environment that is ready has a kernel which the server does not list. */
async function showNoKernel({ trans }: ICommandsOptions): Promise<void> {
  const { showError } = await import('./dialogs');
  const error = {
    message: trans.__('The server does not list a kernel of this environment.'),
    remedy: trans.__(
      'Refresh the environments. If the server has a kernel manager of its own, the kernel comes when it is registered.'
    )
  };
  await showError(trans.__('No notebook could be opened'), error, trans);
}

/** Ask, and remove; where kernels have been started meanwhile, ask once more. */
async function removeAsked(
  options: ICommandsOptions,
  environment: Envlink.IEnvironment
): Promise<boolean> {
  const { model, trans } = options;
  const { askToRemove, showError } = await import('./dialogs');
  let answer = await askToRemove(environment, trans);
  while (answer) {
    try {
      await model.remove(environment.id, answer.force);
      return true;
    } catch (reason) {
      const error = reason as EnvlinkError;
      if (error.status !== 409 || answer.force || !error.kernels.length) {
        const title = trans.__('%1 could not be removed', environment.name);
        await showError(title, error, trans);
        return false;
      }
      answer = await askToRemove(environment, trans, error.kernels);
    }
  }
  return false;
}

function text(args: ReadonlyPartialJSONObject, name: string): string {
  const value = args[name];
  return typeof value === 'string' ? value : '';
}

function describeId(description: string, others: ReadonlyJSONObject = {}) {
  return {
    args: {
      type: 'object',
      properties: { id: { type: 'string', description }, ...others },
      required: ['id']
    }
  };
}
