import { addCreateCommand, addMendCommand } from '../create-command';
import { asArgs } from '../create-view/beginning';
import { addViewCommands } from '../create-view/commands';
import { toolbarFor } from '../create-view/toolbar';
import { addUndoCommands } from '../create-view/undo';
import { CreateViews } from '../create-view/views';
import { editorConfigOf } from '../editor-config';
import { CommandIDs } from '../ids';
import { pageOf } from '../page';
import { IEnvlinkModel } from '../tokens';
import { bundleOf } from '../translation';
import { addUpdateCommand } from '../update-command';

import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ILayoutRestorer } from '@jupyterlab/application';
import { ICommandPalette, IToolbarWidgetRegistry } from '@jupyterlab/apputils';
import { IEditorServices } from '@jupyterlab/codeeditor';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { IFileBrowserFactory } from '@jupyterlab/filebrowser';
import { IMainMenu } from '@jupyterlab/mainmenu';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

/** Files and texts in the main area, each with what would come of it. */
export const createPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter_envlink:create',
  description: 'Creates and updates environments from files.',
  autoStart: true,
  requires: [IEnvlinkModel],
  // JupyterLab has them all, Notebook 7 some on each of its pages.
  optional: [
    ITranslator,
    IEditorServices,
    ICommandPalette,
    IDocumentManager,
    IFileBrowserFactory,
    ILayoutRestorer,
    ISettingRegistry,
    IToolbarWidgetRegistry,
    IMainMenu
  ],
  activate: (
    app: JupyterFrontEnd,
    model: IEnvlinkModel,
    translator: ITranslator | null,
    services: IEditorServices | null,
    palette: ICommandPalette | null,
    documents: IDocumentManager | null,
    browsers: IFileBrowserFactory | null,
    restorer: ILayoutRestorer | null,
    settings: ISettingRegistry | null,
    registry: IToolbarWidgetRegistry | null,
    menu: IMainMenu | null
  ) => {
    const language = translator ?? nullTranslator;
    const trans = bundleOf(language);
    const { commands, shell } = app;
    const { contents } = app.serviceManager;
    const views = new CreateViews({
      commands,
      contents,
      editorConfig: () => editorConfigOf(settings),
      model,
      services,
      setToolbar:
        registry && settings
          ? toolbarFor({
              commands,
              registry,
              settings,
              plugin: createPlugin.id,
              translator: language
            })
          : undefined,
      shell,
      trans
    });
    const options = {
      browsers,
      commands,
      documents,
      model,
      open: views.open.bind(views),
      page: pageOf(app, documents),
      trans
    };
    addViewCommands({ commands, contents, trans, views });
    addUndoCommands({ commands, menu, trans, views });
    addCreateCommand(options);
    addUpdateCommand(options);
    addMendCommand(options);
    void restorer?.restore(views.tracker, {
      command: CommandIDs.openFile,
      args: widget => asArgs(widget.content.state),
      name: widget => widget.content.name
    });
    const category = trans.__('Environments');
    palette?.addItem({ command: CommandIDs.update, category });
    palette?.addItem({
      command: CommandIDs.createEnvironment,
      category,
      args: { choose: true }
    });
    for (const command of [CommandIDs.saveFile, CommandIDs.saveFileAs]) {
      palette?.addItem({ command, category });
    }
  }
};
