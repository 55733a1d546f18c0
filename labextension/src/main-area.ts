import type { JupyterFrontEnd } from '@jupyterlab/application';

import type { Widget } from '@lumino/widgets';
import { TabPanel } from '@lumino/widgets';

/**
 * Show a widget in the main area.
 *
 * @returns whether there is room: a page of Notebook 7 has one widget there, tabs or else a document.
 */
export function showInMain(
  shell: JupyterFrontEnd.IShell,
  widget: Widget
): boolean {
  if (!widget.isAttached) {
    shell.add(widget, 'main', { type: 'Environments' });
  }
  if (widget.isAttached) {
    shell.activateById(widget.id);
    return true;
  }
  const [front] = shell.widgets('main');
  if (front instanceof TabPanel) {
    front.addWidget(widget);
    front.currentWidget = widget;
    widget.activate();
    return true;
  }
  return false;
}
