import { RunningJobs } from '../jobs-running';
import { IEnvlinkModel } from '../tokens';
import { bundleOf } from '../translation';

import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { IRunningSessionManagers } from '@jupyterlab/running';
import { ITranslator } from '@jupyterlab/translation';

/** The jobs under way, among what else runs. */
export const runningPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter_envlink:running',
  description: 'Lists the jobs under way in the panel of what runs.',
  autoStart: true,
  requires: [IEnvlinkModel],
  // Notebook 7 has none.
  optional: [IRunningSessionManagers, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    model: IEnvlinkModel,
    managers: IRunningSessionManagers | null,
    translator: ITranslator | null
  ) => {
    if (!managers) {
      return;
    }
    const trans = bundleOf(translator);
    managers.add(new RunningJobs({ commands: app.commands, model, trans }));
  }
};
