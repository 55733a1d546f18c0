/** A package that was chosen. */
export interface IWanted {
  /** Its name; or, where more was typed, a whole spec. */
  spec: string;
  /** The version that is wanted; empty where any will do. */
  version: string;
  /** Those that there are, the newest first. */
  versions: readonly string[];
  /** Why nothing is known of it. */
  problem: string;
}

/** What a name is made of; whatever has more is a spec. */
const NAME = /^[a-z0-9_][a-z0-9_.-]*$/i;

/** Whether a text names a package, and says no more of it. */
export function isName(text: string): boolean {
  return NAME.test(text);
}

/** The specs of a file that lists what was chosen, Python first where one is wanted. */
export function specsOf(
  python: string | null,
  wanted: readonly IWanted[]
): string[] {
  const first = python === null ? [] : [python ? `python=${python}` : 'python'];
  return [
    ...first,
    ...wanted.map(({ spec, version }) =>
      version ? `${spec}=${version}` : spec
    )
  ];
}

/** The versions with two numbers that there are, of those with more, the newest first. */
export function minors(versions: readonly string[]): string[] {
  const short = versions.map(each => each.split('.').slice(0, 2).join('.'));
  return [...new Set(short)];
}

/** The channels that were typed, apart from one another. */
export function channelsOf(text: string): string[] {
  return text.split(/[\s,]+/).filter(each => each !== '');
}
