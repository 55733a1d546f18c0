import { addViewCommands, hasTerminals } from '../environment-view/commands';
import type { EnvironmentContent } from '../environment-view/widget';
import { CommandIDs } from '../ids';
import { showWidget } from '../main-area';
import { pageOf } from '../page';
import { IEnvlinkModel } from '../tokens';
import { bundleOf } from '../translation';

import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ILayoutRestorer } from '@jupyterlab/application';
import {
  ICommandPalette,
  MainAreaWidget,
  WidgetTracker
} from '@jupyterlab/apputils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { IFileBrowserFactory } from '@jupyterlab/filebrowser';
import type { ServiceManager } from '@jupyterlab/services';
import { ITranslator } from '@jupyterlab/translation';

type View = MainAreaWidget<EnvironmentContent>;

/** An environment's own view in the main area: one for each environment. */
export const environmentPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter_envlink:environment',
  description: 'Shows all about one environment in the main area.',
  autoStart: true,
  requires: [IEnvlinkModel],
  optional: [
    ITranslator,
    ICommandPalette,
    IDocumentManager,
    IFileBrowserFactory,
    ILayoutRestorer
  ],
  activate: (
    app: JupyterFrontEnd,
    model: IEnvlinkModel,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    documents: IDocumentManager | null,
    browsers: IFileBrowserFactory | null,
    restorer: ILayoutRestorer | null
  ) => {
    const { commands, serviceManager, shell } = app;
    const trans = bundleOf(translator);
    const tracker = new WidgetTracker<View>({
      namespace: 'jupyter_envlink-environment'
    });
    const terminalObstacle = () =>
      hasTerminals({ commands }, serviceManager.terminals.isAvailable())
        ? null
        : trans.__('This server, or this page, has no terminals.');
    const open = async (id: string, tab: string): Promise<View> => {
      const { EnvironmentContent } = await import('../environment-view/widget');
      const content = new EnvironmentContent({
        commands,
        id,
        model,
        tab,
        terminalObstacle,
        trans
      });
      const widget = new MainAreaWidget({ content });
      widget.id = `jp-envlink-environment-${id}`;
      content.shown.connect(() => void tracker.save(widget));
      await tracker.add(widget);
      return widget;
    };
    const show = async (id: string, tab: string) => {
      const known = tracker.find(each => each.content.environmentId === id);
      if (known && tab) {
        known.content.showTab(tab);
      }
      showWidget(shell, known ?? (await open(id, tab)));
    };
    addViewCommands({
      browsers,
      commands,
      model,
      page: pageOf(app, documents),
      show,
      shutDown: kernel => shutDown(serviceManager, kernel),
      terminalObstacle,
      trans
    });
    followKernels(serviceManager, () => {
      if (tracker.size > 0) {
        void model.refresh();
      }
    });
    void restorer?.restore(tracker, {
      command: CommandIDs.openEnvironment,
      args: ({ content }) => ({ id: content.environmentId, tab: content.tab }),
      name: ({ content }) => content.environmentId
    });
    for (const command of [
      CommandIDs.openEnvironment,
      CommandIDs.openTerminal,
      CommandIDs.copyPath
    ]) {
      palette?.addItem({ command, category: trans.__('Environments') });
    }
  }
};

/** Call back when a kernel of this server was started, or has ended; not when it is only busy. */
function followKernels(
  { kernels }: ServiceManager.IManager,
  onChange: () => void
): void {
  let known = '';
  kernels.runningChanged.connect((_, running) => {
    const now = running
      .map(each => each.id)
      .sort()
      .join();
    if (now !== known) {
      known = now;
      onChange();
    }
  });
}

/** By its session, where it has one, so that its notebook is told. */
async function shutDown(
  { kernels, sessions }: ServiceManager.IManager,
  kernel: string
): Promise<void> {
  await sessions.refreshRunning();
  const session = [...sessions.running()].find(
    each => each.kernel?.id === kernel
  );
  await (session ? sessions.shutdown(session.id) : kernels.shutdown(kernel));
}
