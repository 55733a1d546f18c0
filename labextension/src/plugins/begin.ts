import { Beginner } from '../begin/beginner';
import { addBeginCommand } from '../begin/commands';
import { DropTarget } from '../begin/drop-target';
import { editorButton } from '../begin/editor-button';
import { springOpen } from '../begin/spring';
import type { BeginWidget } from '../begin/widget';
import { chooseFile, isEnvironmentFile } from '../files';
import { CommandIDs, PANEL_ID } from '../ids';
import { IEnvlinkModel } from '../tokens';
import { bundleOf } from '../translation';

import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ILayoutRestorer } from '@jupyterlab/application';
import {
  ICommandPalette,
  IToolbarWidgetRegistry,
  WidgetTracker
} from '@jupyterlab/apputils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import type { IDocumentWidget } from '@jupyterlab/docregistry';
import { IFileBrowserFactory } from '@jupyterlab/filebrowser';
import { ITranslator } from '@jupyterlab/translation';

import type { Widget } from '@lumino/widgets';

/** Where a new environment begins: a view of the ways, files dropped on the panel, a button of editors. */
export const beginPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter_envlink:begin',
  description: 'Begins environments from files, addresses and packages.',
  autoStart: true,
  requires: [IEnvlinkModel],
  optional: [
    ITranslator,
    ICommandPalette,
    IDocumentManager,
    IFileBrowserFactory,
    ILayoutRestorer,
    IToolbarWidgetRegistry
  ],
  activate: (
    app: JupyterFrontEnd,
    model: IEnvlinkModel,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    documents: IDocumentManager | null,
    browsers: IFileBrowserFactory | null,
    restorer: ILayoutRestorer | null,
    toolbars: IToolbarWidgetRegistry | null
  ) => {
    const trans = bundleOf(translator);
    const { commands, serviceManager } = app;
    const begin = new Beginner(commands);
    const tracker = new WidgetTracker<BeginWidget>({
      namespace: 'jupyter_envlink_begin'
    });
    addBeginCommand({
      app,
      begin,
      chooseFile: () => chooseFile({ browsers, documents, trans }),
      model,
      tracker,
      trans
    });
    void restorer?.restore(tracker, {
      command: CommandIDs.newEnvironment,
      args: widget => ({ way: widget.content.way }),
      name: () => 'begin'
    });
    palette?.addItem({
      command: CommandIDs.newEnvironment,
      category: trans.__('Environments'),
      args: { isPalette: true }
    });
    toolbars?.addFactory('Editor', 'envlink-create', (document: Widget) =>
      editorButton(document as IDocumentWidget, { commands, model, trans })
    );
    void app.restored.then(() => {
      const panel = panelOf(app);
      if (panel) {
        const { contents } = serviceManager;
        const options = { begin, browsers, contents, trans };
        const loaded = () => import('../begin/dropping');
        new DropTarget(panel, {
          files: async files => (await loaded()).takeFiles(files, options),
          paths: async paths => (await loaded()).takePaths(paths, options),
          isWanted: paths => paths.some(isEnvironmentFile),
          trans
        });
        springOpen(PANEL_ID, () => app.shell.activateById(PANEL_ID));
      }
    });
  }
};

/** The panel of environments, on whichever side it is. */
function panelOf({ shell }: JupyterFrontEnd): Widget | undefined {
  const sides = ['left', 'right'].flatMap(side => [...shell.widgets(side)]);
  return sides.find(widget => widget.id === PANEL_ID);
}
