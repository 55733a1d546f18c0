import { CommandIDs } from './ids';
import { timeWord } from './moments';
import type { IViewProps } from './parts';
import { ActionButton, ErrorBox } from './parts';
import type { Envlink } from './tokens';

import * as React from 'react';

/** What was removed and can come back, folded up; nothing where there is nothing. */
export function Removed(props: IViewProps): JSX.Element | null {
  const { model, trans } = props;
  const { error, removed, removedError } = model;
  const place = useFocusKept();
  // Where nothing can be read, the list of environments says so.
  if (removedError && !error) {
    return <ErrorBox error={removedError} />;
  }
  return (
    <div ref={place}>
      {removed.length > 0 && (
        <details className="jp-Envlink-folded jp-Envlink-removed">
          <summary>{trans.__('Recently removed (%1)', removed.length)}</summary>
          <ul
            className="jp-Envlink-list"
            aria-label={trans.__('Recently removed environments')}
          >
            {removed.map(each => (
              <RemovedRow key={each.job} {...props} removed={each} />
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

/** Whoever restores one goes on from the others, or from the list of environments where it was the last. */
function useFocusKept(): React.RefObject<HTMLDivElement> {
  const place = React.useRef<HTMLDivElement>(null);
  // Read before React changes the page: afterwards what had the focus may be gone.
  const hadFocus = place.current?.contains(document.activeElement) ?? false;
  React.useLayoutEffect(() => {
    const { current } = place;
    if (current && hadFocus && !current.contains(document.activeElement)) {
      const list = current.closest('[data-envlink-scroller]');
      const next =
        current.querySelector<HTMLElement>('summary') ??
        list?.querySelector<HTMLElement>('[role="row"][tabindex="0"], input');
      next?.focus();
    }
  });
  return place;
}

function RemovedRow(
  props: IViewProps & { removed: Envlink.IRemoved }
): JSX.Element {
  const { commands, model, removed, trans } = props;
  const { job, name, prefix, until } = removed;
  const error = model.actionError(job);
  const busy = model.isBusy(job) ? trans.__('One moment…') : null;
  return (
    <li
      className="jp-Envlink-row"
      data-removed={name}
      aria-busy={busy !== null}
    >
      <div className="jp-Envlink-title">
        <span className="jp-Envlink-name" title={prefix}>
          {name}
        </span>
        <time className="jp-Envlink-language" dateTime={removed.removed}>
          {timeWord(removed.removed)}
        </time>
      </div>
      <div className="jp-Envlink-path" title={prefix}>
        <bdi>{prefix}</bdi>
      </div>
      <p className="jp-Envlink-hint">
        {trans.__('It can be restored until %1.', timeWord(until))}
      </p>
      {error && <ErrorBox error={error} />}
      <div className="jp-Envlink-buttons">
        <ActionButton
          tone="main"
          label={trans.__('Restore %1', name)}
          reason={busy}
          onClick={() => void commands.execute(CommandIDs.restore, { job })}
        >
          {trans.__('Restore')}
        </ActionButton>
        <ActionButton
          tone="warn"
          label={trans.__('Delete %1 for good', name)}
          reason={busy}
          onClick={() => void commands.execute(CommandIDs.discard, { job })}
        >
          {trans.__('Delete for good…')}
        </ActionButton>
      </div>
    </li>
  );
}
