import { showWidget } from '../main-area';

import type { JupyterFrontEnd } from '@jupyterlab/application';
import { DOMUtils } from '@jupyterlab/apputils';

import { Panel, TabPanel, Widget } from '@lumino/widgets';

/** The areas of a page of Notebook 7: whatever comes after the first widget of the main area is refused there. */
class Areas {
  constructor(first: Widget | null) {
    Widget.attach(this.main, document.body);
    Widget.attach(this.down, document.body);
    this.down.hide();
    if (first) {
      this.main.addWidget(first);
    }
  }

  readonly main = new Panel();
  readonly down = new TabPanel();
  readonly shell = {
    add: (widget: Widget, area: string) => {
      if (area === 'down') {
        this.down.addWidget(widget);
      } else if (this.main.widgets.length === 0) {
        this.main.addWidget(widget);
      }
    },
    activateById: (id: string) => {
      if (this.down.widgets.some(each => each.id === id)) {
        this.down.show();
      }
    },
    widgets: () => this.main.widgets.values()
  } as unknown as JupyterFrontEnd.IShell;

  dispose(): void {
    this.main.dispose();
    this.down.dispose();
  }
}

let areas: Areas;
const made = () => {
  const widget = new Widget();
  widget.id = DOMUtils.createDomID();
  return widget;
};

afterEach(() => areas.dispose());

describe('showWidget', () => {
  it('shows it in the main area, once', () => {
    areas = new Areas(null);
    const widget = made();
    showWidget(areas.shell, widget);
    showWidget(areas.shell, widget);
    expect(areas.main.widgets).toEqual([widget]);
  });

  it('shows it among the tabs of the main area, in front', () => {
    const tabs = new TabPanel();
    areas = new Areas(tabs);
    const [first, second] = [made(), made()];
    showWidget(areas.shell, first);
    showWidget(areas.shell, second);
    expect(tabs.widgets).toEqual([first, second]);
    expect(tabs.currentWidget).toBe(second);
    showWidget(areas.shell, first);
    expect(tabs.currentWidget).toBe(first);
  });

  it('shows it below a document, in front of what is there', () => {
    areas = new Areas(made());
    const [first, second] = [made(), made()];
    showWidget(areas.shell, first);
    expect(areas.down.isVisible).toBe(true);
    showWidget(areas.shell, second);
    expect(areas.down.widgets).toEqual([first, second]);
    expect(areas.down.currentWidget).toBe(second);
    expect(areas.main.widgets).toHaveLength(1);
  });
});
