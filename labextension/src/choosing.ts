import { describeId, text } from './args';
import type { ICommandsOptions } from './commands';
import type { Envlink } from './tokens';

import type {
  ReadonlyJSONObject,
  ReadonlyPartialJSONObject
} from '@lumino/coreutils';

type IChoosing = Pick<ICommandsOptions, 'model' | 'page' | 'trans'>;

/** The environment that a command's arguments mean: by its id, or by the row that was right-clicked. */
export function meant(
  { model, page }: Pick<ICommandsOptions, 'model' | 'page'>,
  args: ReadonlyPartialJSONObject
): Envlink.IEnvironment | null {
  const id = idOf({ page }, args);
  return model.environments.find(each => each.id === id) ?? null;
}

/** The same; where the arguments mean none, the person chooses one of those for which `isOffered` holds. */
export async function chosen(
  options: IChoosing,
  args: ReadonlyPartialJSONObject,
  isOffered: (environment: Envlink.IEnvironment) => boolean = () => true
): Promise<Envlink.IEnvironment | null> {
  if (args['clicked'] || text(args, 'id')) {
    return meant(options, args);
  }
  const { model, trans } = options;
  const { choose } = await import('./choice');
  return choose(
    trans.__('Choose an environment'),
    model.environments.filter(isOffered),
    each => `${each.name} (${each.prefix})`
  );
}

/** Whether an environment may be changed here. */
export function isChangeable(environment: Envlink.IEnvironment): boolean {
  return environment.not_changeable === null;
}

/** Whether nothing stands against changing an environment, where one is meant. */
export function isFree(environment: Envlink.IEnvironment | null): boolean {
  return environment === null || isChangeable(environment);
}

/** The id of the environment that a command's arguments mean; empty where they mean none. */
export function idOf(
  options: Pick<ICommandsOptions, 'page'>,
  args: ReadonlyPartialJSONObject
): string {
  return args['clicked'] ? options.page.clicked() : text(args, 'id');
}

/** The arguments of a command that is about one environment, named or right-clicked. */
export function describeRow(
  { trans }: ICommandsOptions,
  others: ReadonlyJSONObject = {}
) {
  const { args } = describeId(trans.__('The id of the environment'), {
    clicked: {
      type: 'boolean',
      description: trans.__('Whether the right-clicked environment is meant')
    },
    ...others
  });
  return { args: { ...args, required: [] } };
}

/** The arguments of a command that is about one environment, or asks for it. */
export function describeEnvironment(
  { trans }: Pick<IChoosing, 'trans'>,
  others: ReadonlyJSONObject = {}
) {
  const { args } = describeId(
    trans.__('The id of the environment; asked for without it'),
    {
      clicked: {
        type: 'boolean',
        description: trans.__('Whether the right-clicked environment is meant')
      },
      ...others
    }
  );
  return { args: { ...args, required: [] } };
}
