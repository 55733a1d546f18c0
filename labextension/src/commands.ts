import { describeId, text } from './args';
import { addEnvironmentCommands } from './environment-commands';
import type { IFilesOptions } from './files';
import { CommandIDs } from './ids';
import { addLifeCommands } from './life-commands';
import type { IPage } from './page';
import type { IEnvlinkModel } from './tokens';

import { refreshIcon } from '@jupyterlab/ui-components';

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
}
