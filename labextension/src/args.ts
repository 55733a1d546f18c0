import type {
  ReadonlyJSONObject,
  ReadonlyPartialJSONObject
} from '@lumino/coreutils';

/** An argument of a command; empty where it is not there, or is no text. */
export function text(args: ReadonlyPartialJSONObject, name: string): string {
  const value = args[name];
  return typeof value === 'string' ? value : '';
}

/** The arguments of a command that is about one thing. */
export function describeId(
  description: string,
  others: ReadonlyJSONObject = {}
) {
  return {
    args: {
      type: 'object',
      properties: { id: { type: 'string', description }, ...others },
      required: ['id']
    }
  };
}
