import type { IGroup } from './cleanup-groups';
import { bytesOf, groupsOf } from './cleanup-groups';
import { timeWord } from './moments';
import { ActionButton, ErrorBox } from './parts';
import { askToCleanUp } from './questions';
import type { Envlink, IEnvlinkModel } from './tokens';
import type { ICleaning } from './use-cleanup';
import { DAYS, useCleanup } from './use-cleanup';
import { sizeWord } from './words';

import { ReactWidget } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';

import * as React from 'react';

/** So many of a group are shown before somebody asks for the others. */
const SHORT = 50;

interface ICleanupProps {
  model: IEnvlinkModel;
  trans: TranslationBundle;
}

/** What may go from the disk, in the main area. */
export class CleanupView extends ReactWidget {
  constructor(private _props: ICleanupProps) {
    super();
    this.addClass('jp-Envlink-cleanup');
  }

  protected render(): JSX.Element {
    return <Cleanup {...this._props} />;
  }
}

/** See `CleanupView`. */
export function Cleanup(props: ICleanupProps): JSX.Element {
  const { model, trans } = props;
  const cleaning = useCleanup(model);
  const { chosen, error, isLooking, items, kept } = cleaning;
  const wanted = items.filter(each => chosen.has(each.id));
  const free = async () => {
    if (await askToCleanUp(wanted, trans)) {
      await cleaning.free();
    }
  };
  return (
    <>
      <h2>{trans.__('Clean up')}</h2>
      <Threshold cleaning={cleaning} trans={trans} />
      <div role="status" className="jp-Envlink-hint">
        {isLooking
          ? trans.__('Looking at the disk…')
          : items.length > 0
            ? trans.__('%1 could be freed.', sizeWord(bytesOf(items)))
            : trans.__('There is nothing to clean up.')}
      </div>
      {error && <ErrorBox error={error} />}
      {kept.length > 0 && <Kept kept={kept} trans={trans} />}
      <div className="jp-Envlink-cleanupGroups" aria-busy={isLooking}>
        {groupsOf(items, trans).map(group => (
          <Group
            key={group.key}
            group={group}
            cleaning={cleaning}
            trans={trans}
          />
        ))}
      </div>
      <div className="jp-Envlink-buttons">
        <ActionButton
          tone="warn"
          label={trans._n(
            'Free %2: remove what is ticked',
            'Free %2: remove the %1 that are ticked',
            wanted.length,
            sizeWord(bytesOf(wanted))
          )}
          reason={obstacle(cleaning, model, wanted, trans)}
          onClick={() => void free()}
        >
          {trans.__('Free %1…', sizeWord(bytesOf(wanted)))}
        </ActionButton>
        {wanted.some(each => each.undoable) && (
          <span className="jp-Envlink-hint">
            {trans.__(
              'Environments need their room until they cannot be restored any more.'
            )}
          </span>
        )}
      </div>
    </>
  );
}

function obstacle(
  cleaning: ICleaning,
  model: IEnvlinkModel,
  wanted: readonly Envlink.ILeftover[],
  trans: TranslationBundle
): string | null {
  if (model.info?.read_only) {
    return trans.__(
      'Whoever runs this server allows no changes to environments.'
    );
  }
  if (cleaning.isLooking || cleaning.isAtWork) {
    return trans.__('One moment…');
  }
  return wanted.length > 0 ? null : trans.__('Nothing is ticked.');
}

/** From when on an environment counts as unused. */
function Threshold(props: {
  cleaning: ICleaning;
  trans: TranslationBundle;
}): JSX.Element {
  const { cleaning, trans } = props;
  const { days, look, setDays, since } = cleaning;
  return (
    <div className="jp-Envlink-cleanupHead">
      <label>
        {trans.__('Environments count as unused after')}{' '}
        <select
          value={days}
          onChange={event => setDays(Number(event.target.value))}
        >
          {DAYS.map(each => (
            <option key={each} value={each}>
              {trans._n('one day', '%1 days', each)}
            </option>
          ))}
        </select>
      </label>
      <ActionButton label={trans.__('Look at the disk again')} onClick={look}>
        {trans.__('Look again')}
      </ActionButton>
      <span className="jp-Envlink-hint">
        {since
          ? trans.__('Uses are recorded since %1.', timeWord(since))
          : trans.__('No use is recorded yet.')}
      </span>
    </div>
  );
}

/** What could not go, and why. */
function Kept(props: {
  kept: readonly Envlink.ILeftover[];
  trans: TranslationBundle;
}): JSX.Element {
  const { kept, trans } = props;
  return (
    <div className="jp-Envlink-error" role="alert">
      <p className="jp-Envlink-message">
        {trans._n('One could not go:', '%1 could not go:', kept.length)}
      </p>
      <ul>
        {kept.map(each => (
          <li key={each.id}>
            <bdi>{each.path}</bdi> {each.reason}
          </li>
        ))}
      </ul>
    </div>
  );
}

interface IGroupProps {
  group: IGroup;
  cleaning: ICleaning;
  trans: TranslationBundle;
}

function Group(props: IGroupProps): JSX.Element {
  const { cleaning, group, trans } = props;
  const { explanation, items, key, title } = group;
  const [all, setAll] = React.useState(false);
  const count = items.filter(each => cleaning.chosen.has(each.id)).length;
  const box = React.useRef<HTMLInputElement>(null);
  React.useEffect(() => {
    if (box.current) {
      box.current.indeterminate = count > 0 && count < items.length;
    }
  });
  return (
    <section
      className="jp-Envlink-cleanupGroup"
      data-group={key}
      aria-labelledby={`jp-envlink-cleanup-${key}`}
    >
      <h3 id={`jp-envlink-cleanup-${key}`}>
        <label>
          <input
            ref={box}
            type="checkbox"
            checked={count > 0 && count === items.length}
            onChange={event =>
              cleaning.choose(
                items.map(each => each.id),
                event.target.checked
              )
            }
          />
          {title}
        </label>
        <span className="jp-Envlink-cleanupSize">
          {sizeWord(bytesOf(items))}
        </span>
      </h3>
      <p className="jp-Envlink-hint">{explanation}</p>
      <ul className="jp-Envlink-cleanupItems">
        {(all ? items : items.slice(0, SHORT)).map(each => (
          <Item key={each.id} item={each} cleaning={cleaning} />
        ))}
      </ul>
      {!all && items.length > SHORT && (
        <ActionButton
          label={trans.__('Show all of: %1', title)}
          onClick={() => setAll(true)}
        >
          {trans.__('Show %1 more', items.length - SHORT)}
        </ActionButton>
      )}
    </section>
  );
}

function Item(props: {
  item: Envlink.ILeftover;
  cleaning: ICleaning;
}): JSX.Element {
  const { cleaning, item } = props;
  const { bytes, id, name, path, reason } = item;
  return (
    <li data-leftover={name ?? path} data-kind={item.kind}>
      <label>
        <input
          type="checkbox"
          checked={cleaning.chosen.has(id)}
          onChange={event => cleaning.choose([id], event.target.checked)}
        />
        <span className="jp-Envlink-cleanupWhat">
          {name && <span className="jp-Envlink-name">{name}</span>}
          <span className="jp-Envlink-path" title={path}>
            <bdi>{path}</bdi>
          </span>
          <span className="jp-Envlink-hint">{reason}</span>
        </span>
      </label>
      <span className="jp-Envlink-cleanupSize">{sizeWord(bytes ?? 0)}</span>
    </li>
  );
}
