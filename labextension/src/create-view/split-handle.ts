import { DOMUtils } from '@jupyterlab/apputils';

import type { SplitPanel } from '@lumino/widgets';

/** A key moves it by so much of the whole. */
const STEP = 0.05;

/**
 * The handle between the first two widgets of a panel, for the keyboard, too: a window splitter of the ARIA practices.
 * Arrow keys move it; Home and End move it as far as it goes.
 */
export class SplitHandle {
  /** @param label - what it sizes */
  constructor(
    private _panel: SplitPanel,
    label: string
  ) {
    const [first] = _panel.widgets;
    first.id ||= DOMUtils.createDomID();
    const [handle] = _panel.handles;
    handle.tabIndex = 0;
    handle.setAttribute('role', 'separator');
    handle.setAttribute('aria-label', label);
    handle.setAttribute('aria-controls', first.id);
    handle.addEventListener('keydown', event => this._onKeyDown(event));
    this.refresh();
  }

  /** Tell where it stands. */
  refresh(): void {
    const [handle] = this._panel.handles;
    const tell = (name: string, value: string) =>
      handle.setAttribute(`aria-${name}`, value);
    // Between columns the line itself stands upright.
    tell('orientation', this._isBetweenColumns ? 'vertical' : 'horizontal');
    tell('valuenow', String(Math.round(100 * this._share)));
  }

  /** That of the first widget. */
  private get _share(): number {
    return this._panel.relativeSizes()[0];
  }

  private get _isBetweenColumns(): boolean {
    return this._panel.orientation === 'horizontal';
  }

  private _onKeyDown(event: KeyboardEvent): void {
    const share = this._wanted(event.key);
    if (share !== null) {
      event.preventDefault();
      this._panel.setRelativeSizes([share, 1 - share]);
    }
  }

  private _wanted(key: string): number | null {
    const [less, more] = this._isBetweenColumns
      ? ['ArrowLeft', 'ArrowRight']
      : ['ArrowUp', 'ArrowDown'];
    switch (key) {
      case less:
        return Math.max(0, this._share - STEP);
      case more:
        return Math.min(1, this._share + STEP);
      case 'Home':
        return 0;
      case 'End':
        return 1;
      default:
        return null;
    }
  }
}
