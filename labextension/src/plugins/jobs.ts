import { describeId, text } from '../args';
import { environmentIcon } from '../icons';
import { CommandIDs } from '../ids';
import { jobTitle } from '../job-words';
import { showWidget } from '../main-area';
import type { LogView } from '../log-widget';
import { IEnvlinkModel } from '../tokens';
import { bundleOf } from '../translation';

import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ILayoutRestorer } from '@jupyterlab/application';
import { MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import { ITranslator } from '@jupyterlab/translation';

/** The log of a job, in a tab. */
export const jobsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter_envlink:jobs',
  description: 'Shows the logs of jobs in the main area.',
  autoStart: true,
  requires: [IEnvlinkModel],
  optional: [ITranslator, ILayoutRestorer],
  activate: (
    app: JupyterFrontEnd,
    model: IEnvlinkModel,
    translator: ITranslator | null,
    restorer: ILayoutRestorer | null
  ) => {
    const { commands, shell } = app;
    const trans = bundleOf(translator);
    const tracker = new WidgetTracker<MainAreaWidget<LogView>>({
      namespace: 'jupyter_envlink-log'
    });

    const make = async (id: string) => {
      const { LogView } = await import('../log-widget');
      await model.ready;
      const job = model.jobs.find(each => each.id === id);
      const content = new LogView({ commands, id, model, trans });
      const widget = new MainAreaWidget({ content });
      widget.id = `jp-envlink-log-${id}`;
      widget.title.label = job
        ? trans.__('Log: %1', jobTitle(job, trans))
        : trans.__('Log of a job');
      widget.title.icon = environmentIcon;
      widget.title.closable = true;
      await tracker.add(widget);
      return widget;
    };

    commands.addCommand(CommandIDs.showLog, {
      label: trans.__('Show the Log of a Job'),
      describedBy: describeId(trans.__('The id of the job')),
      execute: async args => {
        const id = text(args, 'id');
        const open = tracker.find(each => each.content.jobId === id);
        const widget = open ?? (await make(id));
        showWidget(shell, widget);
        return widget;
      }
    });
    void restorer?.restore(tracker, {
      command: CommandIDs.showLog,
      args: ({ content }) => ({ id: content.jobId }),
      name: ({ content }) => content.jobId
    });
  }
};
