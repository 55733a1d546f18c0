import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

/** What a view of a file, or of a text, begins with. */
export interface IBeginning {
  operation: 'create' | 'update';
  /** Of the file, in the contents API; `null` for a text that is no file yet. */
  path: string | null;
  /** In place of what the file holds. */
  text?: string;
  /** How a text is called that is no file yet. */
  filename?: string;
  /** The name of what is created. */
  name?: string;
  /** The environment that is updated. */
  id?: string;
  /** Whether what the file does not need goes. */
  prune?: boolean;
  /** The job that makes or changes it, once that was begun. */
  job?: string;
  /** Tells texts that are no files apart. */
  key?: string;
}

/** A beginning as arguments of a command. */
export function asArgs(beginning: IBeginning): ReadonlyPartialJSONObject {
  const { path, ...others } = beginning;
  return path === null ? others : { path, ...others };
}

/** What the arguments of a command say. */
export function fromArgs(args: ReadonlyPartialJSONObject): IBeginning {
  const texts = Object.fromEntries(
    ['text', 'filename', 'name', 'id', 'job', 'key']
      .filter(key => typeof args[key] === 'string')
      .map(key => [key, args[key] as string])
  );
  return {
    operation: args['operation'] === 'update' ? 'update' : 'create',
    path:
      typeof args['path'] === 'string' && args['path'] ? args['path'] : null,
    ...(args['prune'] === true ? { prune: true } : {}),
    ...texts
  };
}
