import { CommandIDs } from '../ids';
import type { CreateWidget } from './widget';

import type { IToolbarWidgetRegistry } from '@jupyterlab/apputils';
import { createToolbarFactory, setToolbar } from '@jupyterlab/apputils';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { ITranslator } from '@jupyterlab/translation';
import { CommandToolbarButton } from '@jupyterlab/ui-components';

import type { CommandRegistry } from '@lumino/commands';

/** What the settings call it. */
const NAME = 'Environment File';

/** The toolbar of a view of a file, as the settings want it. */
export function toolbarFor(options: {
  commands: CommandRegistry;
  registry: IToolbarWidgetRegistry;
  settings: ISettingRegistry;
  plugin: string;
  translator: ITranslator;
}): (widget: CreateWidget) => void {
  const { commands, plugin, registry, settings, translator } = options;
  const trans = translator.load('jupyter_envlink');
  // Of the view that it stands in, whichever is in front.
  const add = (name: string, id: string, label: string) =>
    registry.addFactory<CreateWidget>(NAME, name, widget => {
      const args = { view: widget.id };
      return new CommandToolbarButton({ args, commands, id, label });
    });
  add('save', CommandIDs.saveFile, trans.__('Save'));
  add('save-as', CommandIDs.saveFileAs, trans.__('Save as…'));
  const factory = createToolbarFactory(
    registry,
    settings,
    NAME,
    plugin,
    translator
  );
  return widget => setToolbar(widget, factory);
}
