import type { IRowProps } from './environment';
import { CommandIDs } from './ids';
import { ActionButton } from './parts';
import type { Envlink } from './tokens';

import type { TranslationBundle } from '@jupyterlab/translation';

import * as React from 'react';

/** A command that is offered as a button. */
interface IOffer {
  command: string;
  args?: { [name: string]: boolean };
  text: string;
  /** For screen readers and as a tip: with the name of the environment. */
  label: string;
  tone?: 'main' | 'warn';
  /** Why it cannot be done now. */
  reason: string | null;
}

/** The buttons for what helps or is wanted most. */
export function RowButtons(
  props: IRowProps & { open: boolean; onMore: () => void }
): JSX.Element {
  const { environment, onMore, open, trans } = props;
  return (
    <div className="jp-Envlink-buttons">
      <Offers {...props} offers={nextOffers(props)} />
      <ActionButton
        label={trans.__('More about %1', environment.name)}
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

function nextOffers(props: IRowProps): IOffer[] {
  const { environment, trans } = props;
  const { actions, attached, hidden, name, state } = environment;
  const offers = actions.map(action => helpOffer(action, props));
  if (state !== 'ready') {
    return [...offers, explainOffer(props, trans.__('Why?'))];
  }
  const reason = waiting(props);
  if (hidden) {
    return [
      {
        command: CommandIDs.hide,
        args: { hidden: false },
        text: trans.__('Show in the menu'),
        label: trans.__('Show %1 in the kernel menu', name),
        tone: 'main',
        reason
      },
      ...offers
    ];
  }
  if (!attached) {
    return [
      {
        command: CommandIDs.attach,
        text: trans.__('Attach'),
        label: trans.__('Attach %1: offer it as a kernel', name),
        tone: 'main',
        reason
      },
      ...offers
    ];
  }
  return [
    {
      command: CommandIDs.openNotebook,
      text: trans.__('Open notebook'),
      label: trans.__('Open a notebook in %1', name),
      tone: 'main',
      reason
    },
    ...offers
  ];
}

/** What the server says would help. */
function helpOffer(action: Envlink.Action, props: IRowProps): IOffer {
  const { environment, readOnly, trans } = props;
  const { name } = environment;
  switch (action) {
    case 'install-kernel':
      return {
        command: CommandIDs.installKernel,
        text: trans.__('Install a kernel'),
        label: trans.__('Install a kernel in %1', name),
        tone: 'main',
        reason: waiting(props) ?? forbidden(readOnly, trans)
      };
    case 'overlay':
      return {
        command: CommandIDs.overlay,
        text: trans.__('Run without touching it'),
        label: trans.__(
          'Run %1 without touching it: its kernel is kept outside it',
          name
        ),
        tone: environment.actions.length === 1 ? 'main' : undefined,
        reason: waiting(props)
      };
  }
}

function moreOffers(props: IRowProps): IOffer[] {
  const { environment, readOnly, trans } = props;
  const { attached, hidden, name, state } = environment;
  const reason = waiting(props);
  const offers: IOffer[] = [];
  if (state === 'ready') {
    offers.push(
      {
        command: CommandIDs.kernelSettings,
        text: trans.__('Kernel settings…'),
        label: trans.__('Name, variables and place in the menu of %1', name),
        reason
      },
      explainOffer(props, trans.__('Explain'))
    );
  }
  if (state === 'ready' && attached && !hidden) {
    offers.push({
      command: CommandIDs.hide,
      args: { hidden: true },
      text: trans.__('Hide'),
      label: trans.__(
        'Hide %1: notebooks that use it still start, the menu leaves it out',
        name
      ),
      reason
    });
  }
  if (state === 'ready' && (attached || hidden)) {
    offers.push({
      command: CommandIDs.detach,
      text: trans.__('Detach'),
      label: trans.__('Detach %1: it stays, but is no kernel', name),
      reason
    });
  }
  offers.push({
    command: CommandIDs.remove,
    text: trans.__('Remove…'),
    label: trans.__('Remove %1 from the disk', name),
    tone: 'warn',
    reason: reason ?? environment.not_removable ?? forbidden(readOnly, trans)
  });
  return offers;
}

function explainOffer(props: IRowProps, text: string): IOffer {
  const { environment, trans } = props;
  return {
    command: CommandIDs.explain,
    text,
    label: trans.__('Explain why %1 is as it is', environment.name),
    reason: null
  };
}

function waiting({ busy, trans }: IRowProps): string | null {
  return busy ? trans.__('Something is being done with it.') : null;
}

function forbidden(readOnly: boolean, trans: TranslationBundle): string | null {
  return readOnly
    ? trans.__('Whoever runs this server allows no changes to environments.')
    : null;
}
