import { addCreateCommand, addMendCommand } from '../create-command';
import { addViewCommands } from '../create-view/commands';
import type { CreateView } from '../create-view/view';
import { CreateViews } from '../create-view/views';
import type { EnvlinkModel } from '../model';
import { addUpdateCommand } from '../update-command';
import { FakeFiles } from './files';
import type { FakeServer, IFakePage } from './server';
import { eventually, page, trans } from './server';

import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Dialog } from '@jupyterlab/apputils';
import type { IEditorServices } from '@jupyterlab/codeeditor';
import {
  CodeMirrorEditorFactory,
  CodeMirrorMimeTypeService,
  EditorExtensionRegistry,
  EditorLanguageRegistry,
  ybinding
} from '@jupyterlab/codemirror';

import { CommandRegistry } from '@lumino/commands';
import { Widget } from '@lumino/widgets';

/** Editors as JupyterLab makes them. */
function editorServices(): IEditorServices {
  const languages = new EditorLanguageRegistry();
  const extensions = new EditorExtensionRegistry();
  for (const factory of EditorExtensionRegistry.getDefaultExtensions({})) {
    extensions.addExtension(factory);
  }
  extensions.addExtension({
    name: 'shared-model-binding',
    factory: options => {
      const ytext = (options.model.sharedModel as { ysource?: unknown })
        .ysource;
      return EditorExtensionRegistry.createImmutableExtension(
        ybinding({ ytext } as Parameters<typeof ybinding>[0])
      );
    }
  });
  return {
    factoryService: new CodeMirrorEditorFactory({ extensions, languages }),
    mimeTypeService: new CodeMirrorMimeTypeService(languages)
  };
}

/** The main area of a page, with the views of files that are opened in it. */
export class Shown {
  constructor(
    server: FakeServer,
    files: { [path: string]: string } = {},
    readonly inPage: IFakePage = page()
  ) {
    this.files = new FakeFiles(files);
    this.model = server.model();
    const { commands, model } = this;
    const contents = this.files.manager;
    this.views = new CreateViews({
      commands,
      contents,
      editorConfig: async () => ({}),
      model,
      services: editorServices(),
      shell: this._shell as unknown as JupyterFrontEnd.IShell,
      trans
    });
    const open = this.views.open.bind(this.views);
    const others = { browsers: null, documents: null, page: inPage };
    const options = { ...others, commands, model, open, trans };
    addViewCommands({ commands, contents, trans, views: this.views });
    addCreateCommand(options);
    addUpdateCommand(options);
    addMendCommand(options);
  }

  readonly commands = new CommandRegistry();
  readonly files: FakeFiles;
  readonly model: EnvlinkModel;
  readonly views: CreateViews;
  readonly main: Widget[] = [];

  /** Run a command; the view that it opens, or brings to the front. */
  async run(command: string, args = {}): Promise<CreateView> {
    await this.model.ready;
    await this.commands.execute(command, args);
    return this.view;
  }

  /** The view in front. */
  get view(): CreateView {
    return this.views.current!.content;
  }

  get node(): HTMLElement {
    return this.view.node;
  }

  dispose(): void {
    Dialog.flush();
    this.main.forEach(each => each.dispose());
    this.views.tracker.dispose();
    this.model.dispose();
  }

  /** Another widget comes to the front. */
  set front(widget: Widget | null) {
    this._shell.currentWidget = widget;
  }

  private _shell = {
    add: (widget: Widget) => {
      this.main.push(widget);
      Widget.attach(widget, document.body);
    },
    activateById: (id: string) =>
      this.main.find(each => each.id === id)?.activate(),
    currentWidget: null as Widget | null,
    widgets: () => this.main.values()
  };
}

/** Until the plan of what is shown has come. */
export async function looked(node: HTMLElement): Promise<void> {
  await eventually(() => {
    const said = node.querySelector('.jp-Envlink-obstacle')?.textContent;
    if (typeof said !== 'string' || said.includes('looked at')) {
      throw new Error(`It is still looked at: ${node.textContent}`);
    }
  });
}
