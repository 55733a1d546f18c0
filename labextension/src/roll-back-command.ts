import { text } from './args';
import {
  chosen,
  describeEnvironment,
  isChangeable,
  isFree,
  meant
} from './choosing';
import type { ICommandsOptions } from './commands';
import type { EnvlinkError } from './error';
import { CommandIDs } from './ids';
import { generationWord, timeWord } from './moments';
import type { Envlink } from './tokens';

import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

/** Add the command that brings an environment back to how it was. */
export function addRollBackCommand(options: ICommandsOptions): void {
  const { commands, model, openPanel, trans } = options;
  commands.addCommand(CommandIDs.rollBack, {
    label: trans.__('Roll Environment Back…'),
    caption: trans.__('Bring an environment back to how it was before'),
    describedBy: describeEnvironment(options, {
      generation: {
        type: 'number',
        description: trans.__(
          'The number of the state; the newest of a named environment without it'
        )
      }
    }),
    isEnabled: args => !model.info?.read_only && isFree(meant(options, args)),
    execute: async args => {
      // Which kernels run in it may have changed since the list was read.
      await model.refresh();
      const environment = await chosen(options, args, isChangeable);
      const generation =
        environment && (await generationOf(options, environment, args));
      if (!generation) {
        return;
      }
      const { askToRollBack } = await import('./questions');
      if (await askToRollBack(environment, generation, trans)) {
        const before = model.jobs.length;
        await model.rollBack(environment.id, generation.number);
        if (model.jobs.length > before) {
          openPanel(true);
        }
      }
    }
  });
}

/** The generation that is meant, or chosen; where there is none, or it cannot be read, that is said. */
async function generationOf(
  { model, trans }: ICommandsOptions,
  environment: Envlink.IEnvironment,
  args: ReadonlyPartialJSONObject
): Promise<Envlink.IGeneration | null> {
  const title = trans.__('%1 cannot be rolled back', environment.name);
  const [{ choose }, { showError }] = await Promise.all([
    import('./choice'),
    import('./dialogs')
  ]);
  try {
    const all = await model.generations(environment.id);
    const { generation: number } = args;
    const offered = all.filter(
      each => number === undefined || each.number === number
    );
    if (offered.length === 0) {
      const message = trans.__('This earlier state of it is not kept.');
      await showError(title, { message, remedy: '' }, trans);
    }
    return offered.length < 2 || text(args, 'id')
      ? (offered[0] ?? null)
      : await choose(
          trans.__('Roll %1 back to how it was', environment.name),
          offered,
          each =>
            trans.__(
              '%1: %2 (state %3)',
              timeWord(each.created),
              generationWord(each, trans),
              each.number
            )
        );
  } catch (reason) {
    await showError(title, reason as EnvlinkError, trans);
    return null;
  }
}
