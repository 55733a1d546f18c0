import type { EnvlinkError } from './error';
import { describeId, text } from './args';
import { chosen, describeEnvironment, meant } from './choosing';
import type { ICommandsOptions } from './commands';
import { addExportCommand } from './export-command';
import { CommandIDs } from './ids';
import { hasEnded } from './jobs';
import type { Envlink, IEnvlinkModel } from './tokens';

import { infoIcon } from '@jupyterlab/ui-components';

/**
 * Add the commands that are about one environment.
 */
export function addEnvironmentCommands(options: ICommandsOptions): void {
  addUseCommands(options);
  addMenuCommands(options);
  addKernelCommands(options);
  addExplainCommand(options);
  addExportCommand(options);
}

function addUseCommands(options: ICommandsOptions): void {
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
  commands.addCommand(CommandIDs.remove, {
    label: trans.__('Remove Environment…'),
    describedBy: describeEnvironment(options),
    isEnabled: args => {
      const environment = meant(options, args);
      return (
        !model.info?.read_only && (environment?.not_removable ?? null) === null
      );
    },
    execute: async args => {
      // Which kernels run in it may have changed since the list was read.
      await model.refresh();
      const environment = await chosen(
        options,
        args,
        each => each.not_removable === null
      );
      const job = environment && (await removeAsked(options, environment));
      if (job && !hasEnded(job)) {
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

/** Whether an environment's kernels are offered. */
function addMenuCommands({ commands, model, trans }: ICommandsOptions): void {
  const id = trans.__('The id of the environment');
  commands.addCommand(CommandIDs.attach, {
    label: trans.__('Attach Environment'),
    describedBy: describeId(id),
    execute: args => model.attach(text(args, 'id'))
  });
  commands.addCommand(CommandIDs.detach, {
    label: trans.__('Detach Environment'),
    describedBy: describeId(id),
    execute: args => model.detach(text(args, 'id'))
  });
  commands.addCommand(CommandIDs.hide, {
    label: args =>
      args['hidden'] === false
        ? trans.__('Show Environment in the Kernel Menu')
        : trans.__('Hide Environment from the Kernel Menu'),
    describedBy: describeId(id, {
      hidden: {
        type: 'boolean',
        description: trans.__('Whether it is hidden; true by default')
      }
    }),
    execute: args => model.hide(text(args, 'id'), args['hidden'] !== false)
  });
}

/** How an environment gets a kernel, and what a person can choose of it. */
function addKernelCommands(options: ICommandsOptions): void {
  const { commands, model, openPanel, trans } = options;
  const describedBy = describeId(trans.__('The id of the environment'));
  const give = async (id: string, how: Envlink.How) => {
    const before = model.jobs.length;
    await model.attach(id, how);
    if (model.jobs.length > before) {
      openPanel(true);
    }
  };
  commands.addCommand(CommandIDs.installKernel, {
    label: trans.__('Install a Kernel in Environment'),
    describedBy,
    execute: args => give(text(args, 'id'), 'install')
  });
  commands.addCommand(CommandIDs.overlay, {
    label: trans.__('Run Environment without Touching It'),
    describedBy,
    execute: args => give(text(args, 'id'), 'overlay')
  });
  commands.addCommand(CommandIDs.kernelSettings, {
    label: trans.__('Kernel Settings of Environment…'),
    describedBy,
    execute: async args => {
      const environment = found(model, text(args, 'id'));
      if (environment) {
        const { showKernelSettings } = await import('./dialogs');
        await showKernelSettings(model, environment, trans);
      }
    }
  });
}

function addExplainCommand({ commands, model, trans }: ICommandsOptions): void {
  commands.addCommand(CommandIDs.explain, {
    label: trans.__('Explain Environments…'),
    caption: trans.__('Why each is listed as it is, or not listed at all'),
    icon: infoIcon,
    describedBy: {
      args: {
        type: 'object',
        properties: {
          id: {
            type: 'string',
            description: trans.__('The id of one environment; all without it')
          }
        }
      }
    },
    execute: async args => {
      const { showDoctor, showReport } = await import('./dialogs');
      const environment = found(model, text(args, 'id'));
      await (environment
        ? showReport(model, environment, trans)
        : showDoctor(model, trans));
    }
  });
}

function found(model: IEnvlinkModel, id: string): Envlink.IEnvironment | null {
  return model.environments.find(each => each.id === id) ?? null;
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
): Promise<Envlink.IJob | null> {
  const { model, trans } = options;
  const { askToRemove } = await import('./questions');
  let answer = await askToRemove(environment, trans);
  while (answer) {
    try {
      return await model.remove(environment.id, answer.force);
    } catch (reason) {
      const error = reason as EnvlinkError;
      if (error.status !== 409 || answer.force || !error.kernels.length) {
        const title = trans.__('%1 could not be removed', environment.name);
        const { showError } = await import('./dialogs');
        await showError(title, error, trans);
        return null;
      }
      answer = await askToRemove(environment, trans, error.kernels);
    }
  }
  return null;
}
