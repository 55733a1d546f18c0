import type { JupyterFrontEnd } from '@jupyterlab/application';

import type { Widget } from '@lumino/widgets';
import { SplitPanel, TabPanel } from '@lumino/widgets';

/** Show a widget in the main area, or, where that has no room, below it, and bring it to the front. */
export function showWidget(
  shell: JupyterFrontEnd.IShell,
  widget: Widget
): void {
  if (!widget.isAttached) {
    add(shell, widget);
  }
  const tabs = widget.parent?.parent;
  if (tabs instanceof TabPanel) {
    const { isHidden } = tabs;
    tabs.currentWidget = widget;
    widget.activate();
    shell.activateById(widget.id);
    // What comes to be seen below has no height by itself.
    if (isHidden && tabs.parent instanceof SplitPanel) {
      tabs.parent.setRelativeSizes([1, 1]);
    }
  } else {
    shell.activateById(widget.id);
  }
}

/** A page of Notebook 7 has one widget in its main area: tabs, or a document. */
function add(shell: JupyterFrontEnd.IShell, widget: Widget): void {
  shell.add(widget, 'main', { type: 'Environments' });
  const [front] = shell.widgets('main');
  // A page that is being restored adds it later, and shows nothing yet.
  if (widget.isAttached || !front) {
    return;
  }
  if (front instanceof TabPanel) {
    front.addWidget(widget);
  } else {
    shell.add(widget, 'down');
  }
}
