import { environmentIcon } from '../icons';
import type { IEnvlinkModel } from '../tokens';
import { followed } from '../following';
import type { IViewProps } from './view';
import { EnvironmentView } from './view';

import { VDomRenderer } from '@jupyterlab/ui-components';

import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import * as React from 'react';

/**
 * The view of one environment; where that is renamed, of the same by its new name.
 */
export class EnvironmentContent extends VDomRenderer<IEnvlinkModel> {
  constructor(private _props: Omit<IViewProps, 'onTab'>) {
    super(_props.model);
    this._id = _props.id;
    this._tab = _props.tab;
    this.addClass('jp-EnvlinkView');
    this.title.icon = environmentIcon;
    this.title.closable = true;
    this.model?.stateChanged.connect(this._follow, this);
    this._follow();
  }

  /** Of the environment that is shown now. */
  get environmentId(): string {
    return this._id;
  }

  /** The id of the tab that is shown; empty for the first. */
  get tab(): string {
    return this._tab;
  }

  /** Emitted when another tab is shown, or the environment has become another by a rename. */
  get shown(): ISignal<this, void> {
    return this._shown;
  }

  /** Show one of its tabs, by its id. */
  showTab(tab: string): void {
    this._tab = tab;
    this._shown.emit();
    this.update();
  }

  dispose(): void {
    this.model?.stateChanged.disconnect(this._follow, this);
    Signal.clearData(this);
    super.dispose();
  }

  protected render(): JSX.Element {
    return (
      <EnvironmentView
        key={this._id}
        {...this._props}
        id={this._id}
        tab={this._tab}
        onTab={tab => this.showTab(tab)}
      />
    );
  }

  private _follow(): void {
    const { model, trans } = this._props;
    const id = followed(model, this._id);
    if (id !== this._id) {
      this._id = id;
      this._shown.emit();
    }
    const environment = model.environments.find(each => each.id === id);
    this.title.label =
      environment?.name ?? (this.title.label || trans.__('Environment'));
    this.title.caption = environment?.prefix ?? '';
  }

  private _id: string;
  private _tab: string;
  private _shown = new Signal<this, void>(this);
}
