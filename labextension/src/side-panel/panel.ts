import { environmentIcon } from '../icons';
import { PANEL_ID } from '../ids';
import { JobsView } from '../job';
import type { NearbyFiles } from '../nearby-files';
import type { IViewProps } from '../parts';
import { EnvironmentsView } from './environments';
import { FilesView } from './files-view';
import type { PanelState } from './panel-state';

import type {
  IMovableSectionSource,
  ISectionEntry
} from '@jupyterlab/apputils';
import type { ITranslator } from '@jupyterlab/translation';
import { PanelWithToolbar, SidePanel } from '@jupyterlab/ui-components';

import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { Message } from '@lumino/messaging';
import type { AccordionPanel, Widget } from '@lumino/widgets';

export interface IPanelProps extends IViewProps {
  files: NearbyFiles;
  state: PanelState;
  translator: ITranslator;
  /** Fills the toolbar of the environments. */
  setToolbar?: (section: PanelWithToolbar) => void;
}

const FILES = 'jp-envlink-files';
const ENVIRONMENTS = 'jp-envlink-environments';
const JOBS = 'jp-envlink-jobs';
const ORDER = [FILES, ENVIRONMENTS, JOBS];

/** What holds the panels of a side bar. */
const STACK = /^jp-(left|right)-stack$/;
/** How the height is shared out at first. */
const SHARES: { [id: string]: number } = {
  [FILES]: 1,
  [ENVIRONMENTS]: 3,
  [JOBS]: 1.5
};

/**
 * The panel of a side bar: what lies near, the environments, the jobs. A person may move a section into another panel.
 */
export class EnvlinkPanel extends SidePanel implements IMovableSectionSource {
  constructor(private _props: IPanelProps) {
    super({ translator: _props.translator });
    const { state, trans } = _props;
    this.id = PANEL_ID;
    this.addClass('jp-Envlink');
    this.title.icon = environmentIcon;
    this.title.caption = trans.__('Environments');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', trans.__('Environments and kernels'));
    const files = new FilesView(_props);
    this._environments = new EnvironmentsView(_props);
    const jobs = new JobsView(_props);
    this._add(FILES, trans.__("This Folder's Files"), files);
    const list = this._add(
      ENVIRONMENTS,
      trans.__('Environments'),
      this._environments
    );
    list.toolbar.node.setAttribute(
      'aria-label',
      trans.__('Environments toolbar')
    );
    _props.setToolbar?.(list);
    this._add(JOBS, trans.__('Jobs'), jobs);
    this.accordionPanel.expansionToggled.connect(this._onFolded, this);
    this.accordionPanel.handleMoved.connect(() => (this._isOwn = true));
    _props.files.changed.connect(this._onFiles, this);
    void state.restored.then(() => this._fold());
  }

  /** The sections. */
  get accordionPanel(): AccordionPanel {
    return this.content as AccordionPanel;
  }

  /** Emitted when one comes. */
  get sectionAdded(): ISignal<this, ISectionEntry> {
    return this._sectionAdded;
  }

  getSections(): ISectionEntry[] {
    return this.widgets.map(({ id }, index) => this._entry(id, index));
  }

  removeSectionById(id: string): Widget | null {
    const section = this.widgets[this._index(id)] ?? null;
    if (section) {
      section.parent = null;
    }
    return section;
  }

  /** Put a section that comes back to where it was. */
  reinsertSection(section: Widget): void {
    const order = ORDER.indexOf(section.id);
    const later = this.widgets.findIndex(
      each => ORDER.indexOf(each.id) > order
    );
    const index = later < 0 ? this.widgets.length : later;
    this.insertWidget(index, section);
    this._shareOut();
    this._sectionAdded.emit(this._entry(section.id, index));
  }

  /** Open the section of the jobs. */
  showJobs(): void {
    this._unfold(JOBS);
  }

  /** Put the focus into the filter of the environments. */
  showFilter(): void {
    this._unfold(ENVIRONMENTS);
    this._environments.focusFilter();
  }

  /** The id of what the shell has to activate for the filter to be seen: a section may be in another panel. */
  get filterHost(): string {
    let host: Widget = this._environments;
    while (host.parent && !STACK.test(host.parent.id)) {
      host = host.parent;
    }
    return host.id;
  }

  protected onAfterShow(message: Message): void {
    super.onAfterShow(message);
    // Before, there was no height to share out.
    if (!this._isShared) {
      this._isShared = true;
      this._shareOut();
    }
  }

  protected onActivateRequest(message: Message): void {
    super.onActivateRequest(message);
    this._environments.focus();
  }

  private _add(id: string, label: string, view: Widget): PanelWithToolbar {
    const panel = new PanelWithToolbar();
    panel.id = id;
    panel.addClass('jp-Envlink'); // wherever it is moved to
    panel.title.label = label;
    panel.addWidget(view);
    this.addWidget(panel);
    return panel;
  }

  /** Nothing near takes a line, unless a person has shared out the height. */
  private _onFiles(): void {
    const { error, found } = this._props.files;
    const hasFiles = error !== null || found.files.length > 0;
    if (hasFiles !== this._hasFiles) {
      this._hasFiles = hasFiles;
      if (this._isShared && !this._isOwn) {
        this._shareOut();
      }
    }
  }

  private _shareOut(): void {
    const shares = this.widgets.map(each => {
      const isNothing = each.id === FILES && !this._hasFiles;
      each.toggleClass('jp-mod-nothing', isNothing);
      return isNothing ? 0 : (SHARES[each.id] ?? 1);
    });
    this.accordionPanel.fit();
    this.accordionPanel.setRelativeSizes(shares);
  }

  private _entry(id: string, index: number): ISectionEntry {
    const titleNode = this.accordionPanel.titles[index];
    return { id, titleNode, widget: this.widgets[index] };
  }

  private _unfold(id: string): void {
    this.accordionPanel.expand(this._index(id));
  }

  /** Fold the sections up that were folded up before. */
  private _fold(): void {
    this._props.state.value.folded
      .map(each => this._index(each))
      .filter(index => index >= 0)
      .forEach(index => this.accordionPanel.collapse(index));
  }

  private _index(id: string): number {
    return this.widgets.findIndex(each => each.id === id);
  }

  private _onFolded(): void {
    const folded = this.widgets
      .filter(each => each.isHidden)
      .map(each => each.id);
    this._props.state.set({ folded });
  }

  private _environments: EnvironmentsView;
  private _hasFiles = false;
  /** Whether a person has shared out the height. */
  private _isOwn = false;
  private _isShared = false;
  private _sectionAdded = new Signal<this, ISectionEntry>(this);
}
