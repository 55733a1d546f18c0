import { JobsStatus, runningJobs } from '../jobs-status';
import { IEnvlinkModel } from '../tokens';
import { bundleOf } from '../translation';

import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { IStatusBar } from '@jupyterlab/statusbar';
import { ITranslator } from '@jupyterlab/translation';

import { Signal } from '@lumino/signaling';

/** After the items of JupyterLab itself. */
const RANK = 20;

/** What goes on, in the status bar. */
export const statusPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter_envlink:status',
  description: 'Shows in the status bar that environments are being made.',
  autoStart: true,
  requires: [IEnvlinkModel],
  // Notebook 7 has none.
  optional: [IStatusBar, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    model: IEnvlinkModel,
    bar: IStatusBar | null,
    translator: ITranslator | null
  ) => {
    if (!bar) {
      return;
    }
    const trans = bundleOf(translator);
    const item = new JobsStatus({ commands: app.commands, model, trans });
    const activeStateChanged = new Signal<JobsStatus, void>(item);
    model.jobChanged.connect(() => activeStateChanged.emit());
    bar.registerStatusItem('jupyter_envlink:jobs', {
      item,
      align: 'left',
      rank: RANK,
      isActive: () => runningJobs(model).length > 0,
      activeStateChanged
    });
  }
};
