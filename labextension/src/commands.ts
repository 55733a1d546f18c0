import type { EnvlinkError } from './error';
import { describeId, text } from './args';
import { addEnvironmentCommands } from './environment-commands';
import type { IFilesOptions } from './files';
import { chooseFile, selectedFile } from './files';
import { environmentIcon } from './icons';
import { CommandIDs } from './ids';
import type { IPlace } from './lines';
import { openAt } from './lines';
import { addLifeCommands } from './life-commands';
import type { IPage } from './page';
import type { IEnvlinkModel } from './tokens';
import { addUpdateCommand, updateFrom } from './update-command';

import { addIcon, refreshIcon } from '@jupyterlab/ui-components';

import type { CommandRegistry } from '@lumino/commands';

/** What the commands need. */
export interface ICommandsOptions extends IFilesOptions {
  commands: CommandRegistry;
  model: IEnvlinkModel;
  /** Bring the panel into view, with the jobs if asked. */
  openPanel: (jobs: boolean) => void;
  page: IPage;
}

/**
 * Add the commands of this extension.
 */
export function addCommands(options: ICommandsOptions): void {
  addRefreshCommand(options);
  addCreateCommand(options);
  addUpdateCommand(options);
  addLifeCommands(options);
  addEnvironmentCommands(options);
  addJobCommands(options);
}

function addRefreshCommand(options: ICommandsOptions): void {
  const { commands, model, trans } = options;
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
  const { commands, trans } = options;
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
          text: {
            type: 'string',
            description: trans.__('What to begin with, in place of a file')
          },
          filename: {
            type: 'string',
            description: trans.__('What the text is called')
          },
          choose: {
            type: 'boolean',
            description: trans.__(
              'Whether to ask for the file, instead of taking the selected one'
            )
          },
          selected: {
            type: 'boolean',
            description: trans.__(
              'Whether it is offered only while such a file is selected'
            )
          }
        }
      }
    },
    isVisible: args =>
      !args['selected'] || selectedFile(options.browsers) !== '',
    execute: async args => {
      const path =
        text(args, 'path') ||
        (text(args, 'text') && (text(args, 'filename') || 'environment.yml')) ||
        (args['choose'] ? '' : selectedFile(options.browsers)) ||
        (await chooseFile(options));
      if (path) {
        await createFrom(options, path, text(args, 'text') || undefined);
      }
    }
  });
}

/** Show what a file, or a text in its place, would give, and make that where the person wants it. */
async function createFrom(
  options: ICommandsOptions,
  path: string,
  text?: string
): Promise<void> {
  const { commands, model, openPanel, trans } = options;
  const { askToCreate } = await import('./previews');
  const show = (place: IPlace) => openAt(commands, path, place);
  const chosen = await askToCreate({ model, path, show, text, trans });
  if (!chosen) {
    return;
  }
  try {
    await model.create({ path, ...chosen });
    openPanel(true);
  } catch (reason) {
    const { showError } = await import('./dialogs');
    await showError(
      trans.__('%1 could not be created', chosen.name),
      reason as EnvlinkError,
      trans
    );
  }
}

/** The file of a job that found no solution, to be mended. */
async function mendJob(options: ICommandsOptions, id: string): Promise<void> {
  const { model, trans } = options;
  try {
    const { path: known, text } = await model.jobFile(id);
    const path = known ?? 'environment.yml';
    const job = model.jobs.find(each => each.id === id);
    await (job?.operation === 'update'
      ? updateFrom(options, { path, text, id: job.environment_id })
      : createFrom(options, path, text));
  } catch (reason) {
    const { showError } = await import('./dialogs');
    await showError(
      trans.__('The file of the job could not be read'),
      reason as EnvlinkError,
      trans
    );
  }
}

function addJobCommands(options: ICommandsOptions): void {
  const { commands, model, trans } = options;
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
  commands.addCommand(CommandIDs.mendJob, {
    label: trans.__('Show What Can Be Done About a Job'),
    describedBy,
    execute: args => mendJob(options, text(args, 'id'))
  });
}
