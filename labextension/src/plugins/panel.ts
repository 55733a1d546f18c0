import { environmentIcon } from '../icons';
import { CommandIDs } from '../ids';
import { NearbyFiles } from '../nearby-files';
import { Place } from '../place';
import { keepFocus } from '../side-panel/menu-focus';
import { EnvlinkPanel } from '../side-panel/panel';
import { PanelState } from '../side-panel/panel-state';
import { IEnvlinkModel } from '../tokens';
import { bundleOf } from '../translation';

import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ILayoutRestorer } from '@jupyterlab/application';
import {
  createToolbarFactory,
  ICommandPalette,
  IMovableSectionRegistry,
  IToolbarWidgetRegistry,
  setToolbar
} from '@jupyterlab/apputils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { IFileBrowserFactory } from '@jupyterlab/filebrowser';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { IStateDB } from '@jupyterlab/statedb';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import type { CommandRegistry } from '@lumino/commands';

/** After the panels of JupyterLab itself, before those with no rank. */
const RANK = 600;

/** What the settings call the toolbar of the environments. */
const TOOLBAR = 'Environments';

/** The panel of the side bar. */
export const panelPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter_envlink:panel',
  description: 'Shows environments and jobs in the side bar.',
  autoStart: true,
  requires: [IEnvlinkModel],
  // JupyterLab has them all, Notebook 7 some on each of its pages.
  optional: [
    ITranslator,
    ICommandPalette,
    ILayoutRestorer,
    IStateDB,
    IDocumentManager,
    IFileBrowserFactory,
    IToolbarWidgetRegistry,
    ISettingRegistry,
    // Undefined before JupyterLab 4.6, which is a service that is not there.
    IMovableSectionRegistry
  ],
  activate: (
    app: JupyterFrontEnd,
    model: IEnvlinkModel,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null,
    database: IStateDB | null,
    documents: IDocumentManager | null,
    browsers: IFileBrowserFactory | null,
    registry: IToolbarWidgetRegistry | null,
    settings: ISettingRegistry | null,
    sections: IMovableSectionRegistry | null
  ) => {
    const { commands, shell } = app;
    const language = translator ?? nullTranslator;
    const trans = bundleOf(language);
    const place = new Place(app, documents, browsers);
    const files = new NearbyFiles(model, () => place.path);
    place.follow(() => files.lookAgain());
    const state = new PanelState(database);
    const options = { commands, files, model, state, trans };
    const toolbar =
      registry &&
      settings &&
      createToolbarFactory(
        registry,
        settings,
        TOOLBAR,
        panelPlugin.id,
        language
      );
    const panel = new EnvlinkPanel({
      ...options,
      translator: language,
      setToolbar: section => toolbar && setToolbar(section, toolbar)
    });
    shell.add(panel, 'left', { rank: RANK, type: 'Environments' });
    restorer?.add(panel, 'jupyter_envlink');
    sections?.registerSource(panel.id, trans.__('Environments'), panel);
    keepFocus(panel.node, app.contextMenu.menu);
    addPanelCommands(commands, panel, id => shell.activateById(id), trans);
    const category = trans.__('Environments');
    palette?.addItem({ command: CommandIDs.openPanel, category });
    palette?.addItem({ command: CommandIDs.filter, category });
  }
};

function addPanelCommands(
  commands: CommandRegistry,
  panel: EnvlinkPanel,
  activate: (id: string) => void,
  trans: TranslationBundle
): void {
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
      activate(panel.id);
      if (args['jobs'] === true) {
        panel.showJobs();
      }
    }
  });
  commands.addCommand(CommandIDs.filter, {
    label: trans.__('Filter Environments'),
    caption: trans.__('Find an environment by its name, path, kind or state'),
    describedBy: { args: { type: 'object', properties: {} } },
    execute: () => {
      activate(panel.filterHost);
      panel.showFilter();
    }
  });
}
