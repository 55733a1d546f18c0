import type { IBeginProps } from './view';
import { BeginView } from './view';
import type { Way } from './ways';
import { environmentIcon } from '../icons';

import { MainAreaWidget } from '@jupyterlab/apputils';
import { ReactWidget } from '@jupyterlab/ui-components';

import type { Message } from '@lumino/messaging';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import * as React from 'react';

type Options = Omit<IBeginProps, 'done'>;

/** The ways in which a new environment begins. */
class BeginContent extends ReactWidget {
  constructor(
    private _options: Options,
    private _way: Way
  ) {
    super();
    this.addClass('jp-Envlink-beginContent');
  }

  get way(): Way {
    return this._way;
  }

  set way(way: Way) {
    if (way !== this._way) {
      this._way = way;
      this._wayChanged.emit();
      this.update();
    }
  }

  get wayChanged(): ISignal<this, void> {
    return this._wayChanged;
  }

  dispose(): void {
    Signal.clearData(this);
    super.dispose();
  }

  protected onActivateRequest(msg: Message): void {
    super.onActivateRequest(msg);
    // The form may not be drawn yet.
    void this.renderPromise?.then(() =>
      this.node.querySelector<HTMLElement>('[aria-selected=true]')?.focus()
    );
  }

  protected render(): JSX.Element {
    return (
      <BeginView
        {...this._options}
        way={this._way}
        done={() => this.parent?.dispose()}
        onWay={way => (this.way = way)}
      />
    );
  }

  private _wayChanged = new Signal<this, void>(this);
}

/** See `BeginContent`; a widget of the main area. */
export class BeginWidget extends MainAreaWidget<BeginContent> {
  constructor(options: Options, way: Way) {
    super({ content: new BeginContent(options, way) });
    this.id = 'jp-envlink-begin';
    this.title.label = options.trans.__('New environment');
    this.title.icon = environmentIcon;
    this.title.closable = true;
    this.toolbar.hide();
  }
}
