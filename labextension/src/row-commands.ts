import { meant } from './choosing';
import type { ICommandsOptions } from './commands';
import type { IOffer, ISituation } from './offer';
import { moreOffers, nextOffers } from './offers';

import type { CommandRegistry } from '@lumino/commands';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

/**
 * For a command of an environment: in the context menu of a row it is there where the row's own buttons offer it, and
 * says no where they do.
 */
export function asOffered(
  options: ICommandsOptions,
  command: string
): Pick<CommandRegistry.ICommandOptions, 'isEnabled' | 'isVisible'> {
  const offered = (args: ReadonlyPartialJSONObject) =>
    offers(options, args).find(
      each => each.command === command && fits(each, args)
    );
  return {
    isEnabled: args => !args['clicked'] || offered(args)?.reason === null,
    isVisible: args => !args['clicked'] || offered(args) !== undefined
  };
}

/** What the right-clicked environment is offered. */
function offers(
  options: ICommandsOptions,
  args: ReadonlyPartialJSONObject
): IOffer[] {
  const { model, trans } = options;
  const environment = meant(options, args);
  if (!environment || environment.state === 'building') {
    return [];
  }
  const situation: ISituation = {
    environment,
    busy: model.isBusy(environment.id),
    readOnly: model.info?.read_only ?? false,
    trans
  };
  return [...nextOffers(situation), ...moreOffers(situation)];
}

function fits(
  { args = {} }: IOffer,
  given: ReadonlyPartialJSONObject
): boolean {
  return Object.entries(args).every(([name, value]) => given[name] === value);
}
