import { describeId, text } from './args';
import { chosen, describeEnvironment, isChangeable, meant } from './choosing';
import type { ICommandsOptions } from './commands';
import type { EnvlinkError } from './error';
import { CommandIDs } from './ids';
import { restartKernels } from './restarting';
import type { Envlink } from './tokens';

import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

/**
 * Add the commands by which an environment is copied, renamed, rolled back and restored.
 */
export function addLifeCommands(options: ICommandsOptions): void {
  addNamingCommands(options);
  addRollBackCommand(options);
  addRemovedCommands(options);
  addRestartCommand(options);
}

function addNamingCommands(options: ICommandsOptions): void {
  const { commands, model, openPanel, trans } = options;
  const isAllowed = () => !model.info?.read_only;
  const describedBy = describeEnvironment(options);
  commands.addCommand(CommandIDs.clone, {
    label: trans.__('Clone Environment…'),
    caption: trans.__('Make a copy of an environment'),
    describedBy,
    isEnabled: isAllowed,
    execute: async args => {
      const environment = await chosen(options, args);
      if (environment) {
        const { askToClone } = await import('./namings');
        if (await askToClone(model, environment, trans)) {
          openPanel(true);
        }
      }
    }
  });
  commands.addCommand(CommandIDs.rename, {
    label: trans.__('Rename Environment…'),
    caption: trans.__('Give an environment and its kernel another name'),
    describedBy,
    isEnabled: args => isAllowed() && isFree(meant(options, args)),
    execute: async args => {
      // Which kernels run in it may have changed since the list was read.
      await model.refresh();
      const environment = await chosen(options, args, isChangeable);
      if (environment) {
        const { askToRename } = await import('./namings');
        if (await askToRename(model, environment, trans)) {
          openPanel(true);
        }
      }
    }
  });
}

/** Whether nothing stands against changing an environment, where one is meant. */
function isFree(environment: Envlink.IEnvironment | null): boolean {
  return environment === null || isChangeable(environment);
}

function addRollBackCommand(options: ICommandsOptions): void {
  const { commands, model, openPanel, trans } = options;
  commands.addCommand(CommandIDs.rollBack, {
    label: trans.__('Roll Environment Back'),
    describedBy: describeId(trans.__('The id of the environment'), {
      generation: {
        type: 'number',
        description: trans.__('The number of the state; the newest without it')
      }
    }),
    isEnabled: args => isFree(meant(options, args)),
    execute: async args => {
      const environment = await refreshed(options, args);
      const generation =
        environment && (await generationOf(options, environment, args));
      if (!generation) {
        return;
      }
      const { askToRollBack } = await import('./questions');
      if (await askToRollBack(environment, generation, trans)) {
        const before = model.jobs.length;
        await model.rollBack(environment.id, generation.number);
        if (model.jobs.length > before) {
          openPanel(true);
        }
      }
    }
  });
}

/** The environment that is meant, with the kernels that run in it now. */
async function refreshed(
  options: ICommandsOptions,
  args: ReadonlyPartialJSONObject
): Promise<Envlink.IEnvironment | null> {
  await options.model.refresh();
  return meant(options, args);
}

/** The generation that is meant; where there is none, that is said. */
async function generationOf(
  { model, trans }: ICommandsOptions,
  environment: Envlink.IEnvironment,
  args: ReadonlyPartialJSONObject
): Promise<Envlink.IGeneration | null> {
  const number = args['generation'];
  const title = trans.__('%1 cannot be rolled back', environment.name);
  const { showError } = await import('./dialogs');
  try {
    const all = await model.generations(environment.id);
    const found =
      number === undefined ? all[0] : all.find(each => each.number === number);
    if (!found) {
      const message = trans.__('This earlier state of it is not kept.');
      await showError(title, { message, remedy: '' }, trans);
    }
    return found ?? null;
  } catch (reason) {
    await showError(title, reason as EnvlinkError, trans);
    return null;
  }
}

function addRemovedCommands({
  commands,
  model,
  trans
}: ICommandsOptions): void {
  const description = trans.__('The id of the job that has removed it');
  const describedBy = {
    args: {
      type: 'object',
      properties: { job: { type: 'string', description } },
      required: ['job']
    }
  };
  commands.addCommand(CommandIDs.restore, {
    label: trans.__('Restore a Removed Environment'),
    describedBy,
    execute: async args => {
      const job = text(args, 'job');
      await model.restore(job);
      const error = model.actionError(job);
      // What is gone has no row that could say so.
      if (error && !model.removed.some(each => each.job === job)) {
        const { showError } = await import('./dialogs');
        await showError(trans.__('It could not be restored'), error, trans);
      }
    }
  });
  commands.addCommand(CommandIDs.discard, {
    label: trans.__('Delete a Removed Environment for Good'),
    describedBy,
    execute: async args => {
      const job = text(args, 'job');
      const removed = model.removed.find(each => each.job === job);
      const { askToDiscard } = await import('./questions');
      if (removed && (await askToDiscard(removed, trans))) {
        await model.discard(job);
      }
    }
  });
}

function addRestartCommand(options: ICommandsOptions): void {
  const { commands, model, page, trans } = options;
  commands.addCommand(CommandIDs.restartKernels, {
    label: trans.__('Restart the Kernels of an Environment'),
    caption: trans.__('Those that are open in this page'),
    describedBy: describeId(trans.__('The id of the environment')),
    execute: async args => {
      try {
        await restartKernels(model, page, text(args, 'id'));
      } catch (reason) {
        const { showError } = await import('./dialogs');
        const message =
          reason instanceof Error ? reason.message : String(reason);
        const title = trans.__('A kernel could not be restarted');
        await showError(title, { message, remedy: '' }, trans);
      }
    }
  });
}
