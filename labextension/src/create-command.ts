import { describeId, text } from './args';
import type { ICommandsOptions } from './commands';
import type { IBeginning } from './create-view/beginning';
import type { EnvlinkError } from './error';
import { chooseFile, selectedFile } from './files';
import { environmentIcon } from './icons';
import { CommandIDs } from './ids';

import { addIcon } from '@jupyterlab/ui-components';

import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

/** What the commands need that begin with a file. */
export interface IFileCommandsOptions extends Omit<
  ICommandsOptions,
  'openPanel'
> {
  /** Show a file or a text with what would come of it. */
  open: (beginning: IBeginning) => Promise<void>;
}

/** Add the command that creates an environment from a file, or from a text. */
export function addCreateCommand(options: IFileCommandsOptions): void {
  const { browsers, commands, open, trans } = options;
  commands.addCommand(CommandIDs.createEnvironment, {
    label: trans.__('Create environment…'),
    caption: trans.__('Create an environment from a file'),
    icon: args => (args['choose'] ? addIcon : environmentIcon),
    describedBy: describeCreate(options),
    isVisible: args => !args['selected'] || selectedFile(browsers) !== '',
    execute: async args => {
      const hasText = typeof args['text'] === 'string';
      const path =
        text(args, 'path') ||
        (args['choose'] || hasText ? '' : selectedFile(browsers)) ||
        (hasText ? '' : await chooseFile(options));
      if (path || hasText) {
        await open({
          operation: 'create',
          path: path || null,
          ...(hasText ? { text: text(args, 'text') } : {}),
          ...given(args, 'filename', 'name')
        });
      }
    }
  });
}

/** Those of the arguments that are there. */
function given(
  args: ReadonlyPartialJSONObject,
  ...names: string[]
): { [name: string]: string } {
  return Object.fromEntries(
    names.map(name => [name, text(args, name)]).filter(([, value]) => value)
  );
}

function describeCreate({ trans }: IFileCommandsOptions) {
  return {
    args: {
      type: 'object',
      properties: {
        path: {
          type: 'string',
          description: trans.__('The environment file, by its path')
        },
        text: {
          type: 'string',
          description: trans.__(
            'What to begin with in place of what the file holds; without a path it is no file yet'
          )
        },
        filename: {
          type: 'string',
          description: trans.__('What the text is called')
        },
        name: {
          type: 'string',
          description: trans.__('The name of the environment')
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
  };
}

/** Add the command that shows what can be done about a job that found no solution. */
export function addMendCommand(options: IFileCommandsOptions): void {
  const { commands, trans } = options;
  commands.addCommand(CommandIDs.mendJob, {
    label: trans.__('Show What Can Be Done About a Job'),
    describedBy: describeId(trans.__('The id of the job')),
    execute: args => mendJob(options, text(args, 'id'))
  });
}

/** The file of a job that found no solution, to be mended. */
async function mendJob(
  { model, open, trans }: IFileCommandsOptions,
  id: string
): Promise<void> {
  try {
    const file = await model.jobFile(id);
    const job = model.jobs.find(each => each.id === id);
    await open(
      job?.operation === 'update'
        ? { ...file, operation: 'update', id: job.environment_id }
        : { ...file, operation: 'create', name: job?.name }
    );
  } catch (reason) {
    const { showError } = await import('./dialogs');
    await showError(
      trans.__('The file of the job could not be read'),
      reason as EnvlinkError,
      trans
    );
  }
}
