import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ISessionContext } from '@jupyterlab/apputils';
import type { IDocumentManager } from '@jupyterlab/docmanager';

import type { Widget } from '@lumino/widgets';

/** What else is in the page. */
export interface IPage {
  /** The path of the document in front; empty where there is none. */
  front: () => string;
  /** The id of the environment whose row was right-clicked last; empty where there is none. */
  clicked: () => string;
  /** The sessions of what is open. */
  sessions: () => ISessionContext[];
}

/** A page of JupyterLab, or of Notebook 7. */
export function pageOf(
  app: JupyterFrontEnd,
  documents: IDocumentManager | null
): IPage {
  const { shell } = app;
  return {
    front: () => {
      const widget = shell.currentWidget;
      return (widget && documents?.contextForWidget(widget)?.path) ?? '';
    },
    clicked: () =>
      app.contextMenuHitTest(node => 'environmentId' in node.dataset)?.dataset
        .environmentId ?? '',
    sessions: () => [...shell.widgets('main')].flatMap(sessionOf)
  };
}

/** A notebook, a console or an editor, as far as it has a session. */
interface IHasSession {
  sessionContext?: ISessionContext;
  context?: { sessionContext?: ISessionContext };
}

function sessionOf(widget: Widget): ISessionContext[] {
  const { context, sessionContext } = widget as Widget & IHasSession;
  const found = sessionContext ?? context?.sessionContext;
  return found ? [found] : [];
}
