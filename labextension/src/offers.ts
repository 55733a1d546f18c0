import { CommandIDs } from './ids';
import { clone, remove, rename, update } from './life-offers';
import type { IOffer, ISituation } from './offer';
import { forbidden, offer, waiting } from './offer';
import type { Envlink } from './tokens';

/** What helps, or is wanted most. */
export function nextOffers(situation: ISituation): IOffer[] {
  const { environment } = situation;
  const helpful = environment.actions.map(action => help(action, situation));
  if (environment.state !== 'ready') {
    return [...helpful, why(situation)];
  }
  if (environment.hidden) {
    return [show(situation), ...helpful];
  }
  return [
    environment.attached ? openNotebook(situation) : attach(situation),
    ...helpful
  ];
}

/** Its own view, with all that a row has no room for. */
export function details(situation: ISituation): IOffer {
  const { environment, trans } = situation;
  return {
    command: CommandIDs.openEnvironment,
    text: trans.__('Details'),
    label: trans.__(
      'Packages, disk, history and kernels of %1',
      environment.name
    ),
    reason: null
  };
}

/** What is seldom wanted. */
export function moreOffers(situation: ISituation): IOffer[] {
  const { attached, exports, hidden, state } = situation.environment;
  const isReady = state === 'ready';
  // What broke since is still in the menu, where its kernel explains it.
  return [
    ...(isReady ? [settings(situation), explain(situation)] : []),
    ...(exports.length > 0 ? [exportOffer(situation)] : []),
    update(situation),
    clone(situation),
    rename(situation),
    ...(attached && !hidden ? [hide(situation)] : []),
    ...(attached ? [detach(situation)] : []),
    remove(situation)
  ];
}

/** What the server says would help. */
function help(action: Envlink.Action, situation: ISituation): IOffer {
  switch (action) {
    case 'install-kernel':
      return installKernel(situation);
    case 'overlay':
      return overlay(situation);
  }
}

function installKernel(situation: ISituation): IOffer {
  const { environment, trans } = situation;
  return offer(situation, CommandIDs.installKernel, {
    text: trans.__('Install a kernel'),
    label: trans.__('Install a kernel in %1', environment.name),
    tone: 'main',
    reason: waiting(situation) ?? forbidden(situation)
  });
}

function overlay(situation: ISituation): IOffer {
  const { environment, trans } = situation;
  const isOnly = environment.actions.length === 1;
  return offer(situation, CommandIDs.overlay, {
    text: trans.__('Run without touching it'),
    label: trans.__(
      'Run %1 without touching it: its kernel is kept outside it',
      environment.name
    ),
    tone: isOnly ? 'main' : undefined
  });
}

function openNotebook(situation: ISituation): IOffer {
  const { environment, trans } = situation;
  return offer(situation, CommandIDs.openNotebook, {
    text: trans.__('Open notebook'),
    label: trans.__('Open a notebook in %1', environment.name),
    tone: 'main'
  });
}

function attach(situation: ISituation): IOffer {
  const { environment, trans } = situation;
  return offer(situation, CommandIDs.attach, {
    text: trans.__('Attach'),
    label: trans.__('Attach %1: offer it as a kernel', environment.name),
    tone: 'main'
  });
}

function detach(situation: ISituation): IOffer {
  const { environment, trans } = situation;
  const { name } = environment;
  return offer(situation, CommandIDs.detach, {
    text: trans.__('Detach'),
    label: environment.overlay
      ? trans.__('Detach %1: it stays, but the kernel beside it goes', name)
      : trans.__('Detach %1: it stays, but is no kernel', name)
  });
}

function show(situation: ISituation): IOffer {
  const { environment, trans } = situation;
  return offer(situation, CommandIDs.hide, {
    args: { hidden: false },
    text: trans.__('Show in the menu'),
    label: trans.__('Show %1 in the kernel menu', environment.name),
    tone: 'main'
  });
}

function hide(situation: ISituation): IOffer {
  const { environment, trans } = situation;
  return offer(situation, CommandIDs.hide, {
    args: { hidden: true },
    text: trans.__('Hide'),
    label: trans.__(
      'Hide %1: notebooks that use it still start, the menu leaves it out',
      environment.name
    )
  });
}

function settings(situation: ISituation): IOffer {
  const { environment, trans } = situation;
  return offer(situation, CommandIDs.kernelSettings, {
    text: trans.__('Kernel settings…'),
    label: trans.__(
      'Name, variables and place in the menu of %1',
      environment.name
    )
  });
}

function explain(situation: ISituation): IOffer {
  const { environment, trans } = situation;
  return offer(situation, CommandIDs.explain, {
    text: trans.__('Explain…'),
    label: trans.__('Explain why %1 is as it is', environment.name),
    reason: null
  });
}

function exportOffer(situation: ISituation): IOffer {
  const { environment, trans } = situation;
  return offer(situation, CommandIDs.exportEnvironment, {
    text: trans.__('Export…'),
    label: trans.__('Export %1 as a file to build it from', environment.name)
  });
}

function why(situation: ISituation): IOffer {
  return { ...explain(situation), text: situation.trans.__('Why?') };
}
