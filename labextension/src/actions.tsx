import { CommandIDs } from './ids';
import type { IOffer } from './offer';
import { details, moreOffers, nextOffers } from './offers';
import { ActionButton } from './parts';
import type { IRowProps } from './side-panel/environment-cell';

import * as React from 'react';

/** The buttons for what helps, or is wanted most. */
export function NextButtons(props: IRowProps): JSX.Element {
  return (
    <div className="jp-Envlink-buttons">
      <Offers {...props} offers={nextOffers(props)} />
    </div>
  );
}

/** The buttons for what is seldom wanted, and for what a row shows by a picture only. */
export function MoreButtons(props: IRowProps): JSX.Element {
  const { commands, environment } = props;
  const { attached, hidden, state } = environment;
  const isPictured = state === 'ready' && attached && !hidden;
  const offers = [
    ...(isPictured ? nextOffers(props) : []),
    ...(commands.hasCommand(CommandIDs.openEnvironment)
      ? [details(props)]
      : []),
    ...moreOffers(props)
  ];
  return (
    <div className="jp-Envlink-buttons">
      <Offers {...props} offers={offers} />
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
