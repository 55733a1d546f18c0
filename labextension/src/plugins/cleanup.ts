import type { CleanupView } from '../cleanup';
import { CommandIDs } from '../ids';
import { showWidget } from '../main-area';
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
import { ITranslator } from '@jupyterlab/translation';
import { cleaningIcon } from '@jupyterlab/ui-components';

/** What may go from the disk. */
export const cleanupPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter_envlink:cleanup',
  description: 'Shows what may go from the disk, and removes what is chosen.',
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
    const trans = bundleOf(translator);
    const tracker = new WidgetTracker<MainAreaWidget<CleanupView>>({
      namespace: 'jupyter_envlink-cleanup'
    });

    const make = async () => {
      const { CleanupView } = await import('../cleanup');
      const content = new CleanupView({ model, trans });
      const widget = new MainAreaWidget({ content });
      widget.id = 'jp-envlink-cleanup';
      widget.title.label = trans.__('Clean up environments');
      widget.title.icon = cleaningIcon.bindprops({ elementSize: 'normal' });
      widget.title.closable = true;
      await tracker.add(widget);
      return widget;
    };

    commands.addCommand(CommandIDs.cleanUp, {
      label: trans.__('Clean Up Environments…'),
      caption: trans.__('See what may go from the disk, and what that frees'),
      icon: cleaningIcon,
      describedBy: { args: { type: 'object', properties: {} } },
      execute: async () => {
        const widget = tracker.currentWidget ?? (await make());
        showWidget(shell, widget);
        return widget;
      }
    });
    palette?.addItem({
      command: CommandIDs.cleanUp,
      category: trans.__('Environments')
    });
    void restorer?.restore(tracker, {
      command: CommandIDs.cleanUp,
      name: () => 'cleanup'
    });
  }
};
