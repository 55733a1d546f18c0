import { describeId, text } from './args';
import {
  chosen,
  describeEnvironment,
  isChangeable,
  isFree,
  meant
} from './choosing';
import type { ICommandsOptions } from './commands';
import { CommandIDs } from './ids';
import { timeWord } from './moments';
import { restartKernels } from './restarting';
import { addRollBackCommand } from './roll-back-command';

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

function addRemovedCommands(options: ICommandsOptions): void {
  const { commands, model, trans } = options;
  const description = trans.__(
    'The id of the job that has removed it; asked for without it'
  );
  const describedBy = {
    args: {
      type: 'object',
      properties: { job: { type: 'string', description } }
    }
  };
  const isEnabled = () => !model.info?.read_only;
  commands.addCommand(CommandIDs.restore, {
    label: trans.__('Restore Removed Environment…'),
    caption: trans.__('Bring back an environment that was removed'),
    describedBy,
    isEnabled,
    execute: async args => {
      const job = await removal(options, args);
      if (!job) {
        return;
      }
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
    label: trans.__('Delete Removed Environment for Good…'),
    caption: trans.__('Free at once what a removed environment takes'),
    describedBy,
    isEnabled,
    execute: async args => {
      const job = await removal(options, args);
      const removed = model.removed.find(each => each.job === job);
      const { askToDiscard } = await import('./questions');
      if (removed && (await askToDiscard(removed, trans))) {
        await model.discard(removed.job);
      }
    }
  });
}

/** The id of the job whose removal is meant, or chosen; empty for none. */
async function removal(
  { model, trans }: ICommandsOptions,
  args: ReadonlyPartialJSONObject
): Promise<string> {
  const job = text(args, 'job');
  if (job) {
    return job;
  }
  if (model.removed.length === 0) {
    const { showError } = await import('./dialogs');
    const message = trans.__('Nothing that was removed can come back.');
    const title = trans.__('Removed environments');
    await showError(title, { message, remedy: '' }, trans);
    return '';
  }
  const { choose } = await import('./choice');
  const found = await choose(
    trans.__('Choose an environment'),
    model.removed,
    ({ name, prefix, removed }) =>
      trans.__('%1 (%2), removed %3', name, prefix, timeWord(removed))
  );
  return found?.job ?? '';
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
