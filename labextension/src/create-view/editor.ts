import { rangeOf } from '../edits';
import type { IPlace } from '../lines';
import type { Draft } from './draft';
import type { IFinding } from './findings';
import { goTo, mark, marks, toFirst } from './marks';
import type { ITipOptions } from './tip';

import type { CodeEditor, IEditorServices } from '@jupyterlab/codeeditor';
import { CodeEditorWrapper } from '@jupyterlab/codeeditor';
import type { CodeMirrorEditor } from '@jupyterlab/codemirror';

import type { KeyBinding } from '@codemirror/view';
import { EditorView, keymap } from '@codemirror/view';

/** What an editor of a draft is made of. */
export interface IDraftEditorOptions extends ITipOptions {
  draft: Draft;
  services: IEditorServices;
  /** The settings of the page's editors. */
  config: CodeEditor.IOptions['config'];
}

/** The text, with what is to be said about it at its places. */
export class DraftEditor extends CodeEditorWrapper {
  constructor(private _options: IDraftEditorOptions) {
    super({
      model: _options.draft.model,
      factory: _options.services.factoryService.newDocumentEditor,
      editorOptions: {
        config: _options.config,
        extensions: [
          marks(_options),
          keymap.of(undoing(_options.draft)),
          EditorView.contentAttributes.of({
            'aria-label': _options.trans.__('The file')
          })
        ]
      }
    });
    this.addClass('jp-Envlink-draft');
  }

  /** Mark what is to be said about the text that is shown. */
  mark(findings: IFinding[]): void {
    mark(this._view, findings, this._options);
  }

  /** Select a place of the text. */
  reveal(place: IPlace): void {
    const [from, to] = rangeOf(this._view.state.doc.toString(), place);
    goTo(this._view, from, to);
  }

  /** Go to the first error, with what is to be said about it. */
  revealFirst(): void {
    toFirst(this._view);
  }

  private get _view(): EditorView {
    return (this.editor as CodeMirrorEditor).editor;
  }
}

/** A browser undoes only what was typed; what a fix has changed is undone, too. */
function undoing(draft: Draft): KeyBinding[] {
  const { sharedModel } = draft.model;
  const undo = () => {
    sharedModel.undo();
    return true;
  };
  const redo = () => {
    sharedModel.redo();
    return true;
  };
  return [
    { key: 'Mod-z', run: undo, shift: redo, preventDefault: true },
    { key: 'Mod-y', run: redo, preventDefault: true }
  ];
}
