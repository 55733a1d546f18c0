import { EnvironmentsView } from './environments';
import { environmentIcon } from './icons';
import { CommandIDs, PANEL_ID } from './ids';
import { JobsView } from './job';
import type { IViewProps } from './parts';

import type { ITranslator } from '@jupyterlab/translation';
import {
  CommandToolbarButton,
  PanelWithToolbar,
  SidePanel
} from '@jupyterlab/ui-components';

import type { AccordionPanel } from '@lumino/widgets';

/**
 * The panel of the side bar: environments above, jobs below.
 */
export class EnvlinkPanel extends SidePanel {
  constructor(props: IViewProps & { translator: ITranslator }) {
    super({ translator: props.translator });
    const { commands, trans } = props;
    this.id = PANEL_ID;
    this.addClass('jp-Envlink');
    this.title.icon = environmentIcon;
    this.title.caption = trans.__('Environments');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', trans.__('Environments and kernels'));

    const environments = new PanelWithToolbar();
    environments.title.label = trans.__('Environments');
    environments.toolbar.node.setAttribute(
      'aria-label',
      trans.__('Environments toolbar')
    );
    environments.toolbar.addItem(
      'create',
      new CommandToolbarButton({
        commands,
        id: CommandIDs.newEnvironment,
        label: ''
      })
    );
    environments.toolbar.addItem(
      'refresh',
      new CommandToolbarButton({
        commands,
        id: CommandIDs.refresh,
        args: { disk: true },
        label: ''
      })
    );
    environments.toolbar.addItem(
      'explain',
      new CommandToolbarButton({
        commands,
        id: CommandIDs.explain,
        label: ''
      })
    );
    environments.addWidget(new EnvironmentsView(props));
    this.addWidget(environments);

    const jobs = new PanelWithToolbar();
    jobs.title.label = trans.__('Jobs');
    jobs.addWidget(new JobsView(props));
    this.addWidget(jobs);
    (this.content as AccordionPanel).setRelativeSizes([2, 1]);
  }

  /** Open the section of the jobs. */
  showJobs(): void {
    (this.content as AccordionPanel).expand(1);
  }
}
