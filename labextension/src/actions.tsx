import type { IRowProps } from './environment';
import type { IOffer } from './offer';
import { details, moreOffers, nextOffers } from './offers';
import { ActionButton } from './parts';

import * as React from 'react';

/** The buttons for what helps, or is wanted most. */
export function RowButtons(
  props: IRowProps & { open: boolean; onMore: () => void }
): JSX.Element {
  const { environment, onMore, open, trans } = props;
  return (
    <div className="jp-Envlink-buttons">
      <Offers {...props} offers={[...nextOffers(props), details(props)]} />
      <ActionButton
        label={
          open
            ? trans.__('Less about %1', environment.name)
            : trans.__('More about %1', environment.name)
        }
        expanded={open}
        onClick={onMore}
      >
        {open ? trans.__('Less') : trans.__('More')}
      </ActionButton>
    </div>
  );
}

/** The buttons for what is seldom wanted. */
export function MoreButtons(props: IRowProps): JSX.Element {
  return (
    <div className="jp-Envlink-buttons">
      <Offers {...props} offers={moreOffers(props)} />
    </div>
  );
}

function Offers(props: IRowProps & { offers: IOffer[] }): JSX.Element {
  const { commands, environment, offers } = props;
  return (
    <>
      {offers.map(({ args, command, label, reason, text, tone }) => (
        <ActionButton
          key={command}
          label={label}
          tone={tone}
          reason={reason}
          onClick={() =>
            void commands.execute(command, { id: environment.id, ...args })
          }
        >
          {text}
        </ActionButton>
      ))}
    </>
  );
}
