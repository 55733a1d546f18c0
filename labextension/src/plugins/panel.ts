import { environmentIcon } from '../icons';
import { CommandIDs } from '../ids';
import { EnvlinkPanel } from '../panel';
import { IEnvlinkModel } from '../tokens';

import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ILayoutRestorer } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

/** After the panels of JupyterLab itself, before those with no rank. */
const RANK = 600;

/** The panel of the side bar. */
export const panelPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter_envlink:panel',
  description: 'Shows environments and jobs in the side bar.',
  autoStart: true,
  requires: [IEnvlinkModel],
  optional: [ITranslator, ICommandPalette, ILayoutRestorer],
  activate: (
    app: JupyterFrontEnd,
    model: IEnvlinkModel,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null
  ) => {
    const { commands, shell } = app;
    const language = translator ?? nullTranslator;
    const trans = language.load('jupyter_envlink');
    const panel = new EnvlinkPanel({
      commands,
      model,
      trans,
      translator: language
    });
    shell.add(panel, 'left', { rank: RANK, type: 'Environments' });
    restorer?.add(panel, 'jupyter_envlink');
    commands.addCommand(CommandIDs.openPanel, {
      label: trans.__('Environments and Kernels'),
      caption: trans.__('Show the environments of this machine'),
      icon: environmentIcon,
      describedBy: {
        args: {
          type: 'object',
          properties: {
            jobs: {
              type: 'boolean',
              description: trans.__('Whether to open the section of the jobs')
            }
          }
        }
      },
      execute: args => {
        shell.activateById(panel.id);
        if (args['jobs'] === true) {
          panel.showJobs();
        }
      }
    });
    palette?.addItem({
      command: CommandIDs.openPanel,
      category: trans.__('Environments')
    });
  }
};
