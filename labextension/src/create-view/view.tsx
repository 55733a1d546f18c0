import { followed } from '../following';
import { environmentIcon } from '../icons';
import type { IPlace } from '../lines';
import type { IEnvlinkModel } from '../tokens';
import type { IBeginning } from './beginning';
import { Draft } from './draft';
import { DraftEditor } from './editor';
import type { IFinding } from './findings';
import { Pane } from './pane';
import { SplitHandle } from './split-handle';
import { Wish } from './wish';

import type { CodeEditor, IEditorServices } from '@jupyterlab/codeeditor';
import { PathExt } from '@jupyterlab/coreutils';
import type { Contents } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';

import type { CommandRegistry } from '@lumino/commands';
import type { Message } from '@lumino/messaging';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import { SplitPanel, Widget } from '@lumino/widgets';

import * as React from 'react';

/** Below so many pixels text and plan stand one below the other. */
const NARROW = 720;

/** What a view of a file is made of. */
export interface ICreateViewOptions {
  commands: CommandRegistry;
  contents: Contents.IManager;
  model: IEnvlinkModel;
  /** Without it the text is not shown. */
  services: IEditorServices | null;
  /** The settings of the page's editors. */
  config: CodeEditor.IOptions['config'];
  trans: TranslationBundle;
}

/** A file or a text, and beside it what would come of it. */
export class CreateView extends SplitPanel {
  constructor(
    private _options: ICreateViewOptions,
    beginning: IBeginning
  ) {
    super({ spacing: 1 });
    const { contents, services } = _options;
    this.addClass('jp-Envlink-createView');
    this.wish = new Wish(beginning);
    const { filename, path, text } = beginning;
    this.draft = new Draft(contents, path, text, filename);
    if (services && this.draft.isText) {
      this._editor = this._makeEditor(services);
      this.addWidget(this._editor);
    }
    this.addWidget(this._makePane());
    if (this._editor) {
      this._handle = new SplitHandle(
        this,
        this._options.trans.__('Size of the text')
      );
    }
    this.title.icon = environmentIcon;
    this.draft.changed.connect(this._onChanged, this);
    this.wish.changed.connect(this._onChanged, this);
    _options.model.stateChanged.connect(this._follow, this);
    this._onChanged();
    void this.draft.load();
  }

  readonly draft: Draft;
  readonly wish: Wish;

  /** Emitted when what is to be restored, or the title, differs. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Another one for each view. */
  get name(): string {
    return this.draft.path ?? this.wish.now.key ?? '';
  }

  /** What to begin with so that it is as it is now. */
  get state(): IBeginning {
    const { draft, wish } = this;
    const text = draft.isDirty ? { text: draft.text } : {};
    return { ...wish.now, text: undefined, ...text, path: draft.path };
  }

  /** Take over what is wanted now, in the place of what was wanted before. */
  begin({ text, ...wanted }: IBeginning): void {
    this.wish.set({ id: undefined, ...wanted, key: this.wish.now.key });
    if (text !== undefined) {
      this.draft.text = text;
    }
  }

  dispose(): void {
    if (!this.isDisposed) {
      super.dispose();
      this.draft.dispose();
      Signal.clearData(this);
    }
  }

  protected onResize(message: Widget.ResizeMessage): void {
    const width = message.width < 0 ? this.node.offsetWidth : message.width;
    const orientation = width < NARROW ? 'vertical' : 'horizontal';
    if (this.orientation !== orientation) {
      this.orientation = orientation;
    }
    super.onResize(message);
  }

  protected onUpdateRequest(message: Message): void {
    super.onUpdateRequest(message);
    this._handle?.refresh();
  }

  protected onActivateRequest(message: Message): void {
    const { activeElement } = document;
    if (!this.node.contains(activeElement)) {
      this._focus(this._isErroneous);
    }
  }

  private _makeEditor(services: IEditorServices): DraftEditor {
    const { config, trans } = this._options;
    const { draft } = this;
    return new DraftEditor({
      draft,
      services,
      config,
      trans,
      onUse: text => {
        if (draft.text === this._foundIn) {
          draft.text = text;
        }
      }
    });
  }

  private _makePane(): Widget {
    const { commands, model, trans } = this._options;
    const pane = ReactWidget.create(
      <Pane
        commands={commands}
        draft={this.draft}
        model={model}
        trans={trans}
        wish={this.wish}
        onFindings={findings => this._mark(findings)}
        onFirst={hasErrors => this._onFirst(hasErrors)}
        onShow={
          this._editor
            ? (place: IPlace) => this._editor?.reveal(place)
            : undefined
        }
      />
    );
    pane.addClass('jp-Envlink-paneWidget');
    return pane;
  }

  private _mark(findings: IFinding[]): void {
    this._foundIn = this.draft.text;
    this._editor?.mark(findings);
  }

  /** Whoever has just opened it begins where there is something to be done. */
  private _onFirst(isErroneous: boolean): void {
    this._isErroneous = isErroneous;
    const { activeElement } = document;
    if (
      this.isVisible &&
      (activeElement === document.body || this.node.contains(activeElement))
    ) {
      this._focus(isErroneous);
    }
  }

  private _focus(isErroneous: boolean): void {
    const field = this.node.querySelector<HTMLElement>(
      '.jp-Envlink-pane input, .jp-Envlink-pane select'
    );
    if (isErroneous && this._editor) {
      this._editor.revealFirst();
    } else if (field) {
      field.focus();
      if (field instanceof HTMLInputElement) {
        field.select();
      }
    } else {
      this.node.tabIndex = -1;
      this.node.focus();
    }
  }

  /** What is updated may bear another name by now. */
  private _follow(): void {
    const { id } = this.wish.now;
    const now = id === undefined ? id : followed(this._options.model, id);
    if (now !== id) {
      this.wish.set({ id: now });
    }
  }

  private _onChanged(): void {
    const { draft, wish } = this;
    const { trans } = this._options;
    const file = draft.named === null ? '' : PathExt.basename(draft.named);
    this.title.label = file || trans.__('New environment');
    this.title.caption =
      wish.now.operation === 'update'
        ? trans.__('Update an environment from %1', draft.named ?? '')
        : trans.__('Create an environment from %1', draft.named ?? '');
    this.title.className = draft.isDirty ? 'jp-mod-dirty' : '';
    this._changed.emit();
  }

  private _changed = new Signal<this, void>(this);
  private _editor: DraftEditor | null = null;
  private _foundIn = '';
  private _handle: SplitHandle | null = null;
  private _isErroneous = false;
}
