import type { EnvlinkError } from './error';
import { describeId, text } from './args';
import {
  chosen,
  describeEnvironment,
  describeRow,
  idOf,
  meant
} from './choosing';
import type { ICommandsOptions } from './commands';
import { addExportCommand } from './export-command';
import { CommandIDs } from './ids';
import { hasEnded } from './jobs';
import { asOffered } from './row-commands';
import type { Envlink } from './tokens';

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
    describedBy: describeRow(options, {
      cwd: {
        type: 'string',
        description: trans.__('The folder of the new notebook')
      }
    }),
    ...asOffered(options, CommandIDs.openNotebook),
    execute: async args => {
      const id = idOf(options, args);
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
function addMenuCommands(options: ICommandsOptions): void {
  const { commands, model, trans } = options;
  commands.addCommand(CommandIDs.attach, {
    label: trans.__('Attach Environment'),
    describedBy: describeRow(options),
    ...asOffered(options, CommandIDs.attach),
    execute: args => model.attach(idOf(options, args))
  });
  commands.addCommand(CommandIDs.detach, {
    label: trans.__('Detach Environment'),
    describedBy: describeRow(options),
    ...asOffered(options, CommandIDs.detach),
    execute: args => model.detach(idOf(options, args))
  });
  commands.addCommand(CommandIDs.hide, {
    label: args =>
      args['hidden'] === false
        ? trans.__('Show Environment in the Kernel Menu')
        : trans.__('Hide Environment from the Kernel Menu'),
    describedBy: describeRow(options, {
      hidden: {
        type: 'boolean',
        description: trans.__('Whether it is hidden; true by default')
      }
    }),
    ...asOffered(options, CommandIDs.hide),
    execute: args => model.hide(idOf(options, args), args['hidden'] !== false)
  });
}

/** How an environment gets a kernel, and what a person can choose of it. */
function addKernelCommands(options: ICommandsOptions): void {
  const { commands, model, openPanel, trans } = options;
  const describedBy = describeRow(options);
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
    ...asOffered(options, CommandIDs.installKernel),
    execute: args => give(idOf(options, args), 'install')
  });
  commands.addCommand(CommandIDs.overlay, {
    label: trans.__('Run Environment without Touching It'),
    describedBy,
    ...asOffered(options, CommandIDs.overlay),
    execute: args => give(idOf(options, args), 'overlay')
  });
  commands.addCommand(CommandIDs.kernelSettings, {
    label: trans.__('Kernel Settings of Environment…'),
    describedBy,
    ...asOffered(options, CommandIDs.kernelSettings),
    execute: async args => {
      const environment = meant(options, args);
      if (environment) {
        const { showKernelSettings } = await import('./dialogs');
        await showKernelSettings(model, environment, trans);
      }
    }
  });
}

function addExplainCommand(options: ICommandsOptions): void {
  const { commands, model, trans } = options;
  commands.addCommand(CommandIDs.explain, {
    label: args =>
      args['clicked']
        ? trans.__('Explain Environment…')
        : trans.__('Explain Environments…'),
    caption: trans.__('Why each is listed as it is, or not listed at all'),
    icon: args => (args['clicked'] ? undefined : infoIcon),
    describedBy: describeEnvironment(options),
    ...asOffered(options, CommandIDs.explain),
    execute: async args => {
      const { showDoctor, showReport } = await import('./dialogs');
      const environment = meant(options, args);
      await (environment
        ? showReport(model, environment, trans)
        : showDoctor(model, trans));
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

/** Who uses it; `null` where the server does not say, which must not keep anybody from removing it. */
async function usesOf(
  { model }: ICommandsOptions,
  { id }: Envlink.IEnvironment
): Promise<Envlink.IUses | null> {
  try {
    return await model.uses(id);
  } catch (reason) {
    console.warn('jupyter_envlink: no answer to "uses".', reason);
    return null;
  }
}

/** Ask, and remove; where kernels have been started meanwhile, ask once more. */
async function removeAsked(
  options: ICommandsOptions,
  environment: Envlink.IEnvironment
): Promise<Envlink.IJob | null> {
  const { model, trans } = options;
  const { askToRemove } = await import('./questions');
  const uses = await usesOf(options, environment);
  const kernels = uses?.running ?? environment.running;
  let answer = await askToRemove(environment, trans, kernels, uses);
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
      answer = await askToRemove(environment, trans, error.kernels, uses);
    }
  }
  return null;
}
