/** The part of a text that differs from another: where it is, and what comes in its place. */
export function difference(
  before: string,
  after: string
): { start: number; end: number; text: string } {
  const start = sharedStart(before, after);
  const most = Math.min(before.length, after.length) - start;
  const shared = sharedEnd(before, after, most);
  return {
    start,
    end: before.length - shared,
    text: after.slice(start, after.length - shared)
  };
}

// Half a character would not survive in a shared text.
const HIGH = /[\ud800-\udbff]/;
const LOW = /[\udc00-\udfff]/;

/** How many units two texts begin with in common. */
function sharedStart(one: string, other: string): number {
  let count = 0;
  while (count < one.length && one[count] === other[count]) {
    count++;
  }
  return count > 0 && HIGH.test(one[count - 1]) ? count - 1 : count;
}

/** How many units they end with in common, `most` at most. */
function sharedEnd(one: string, other: string, most: number): number {
  let count = 0;
  while (
    count < most &&
    one[one.length - 1 - count] === other[other.length - 1 - count]
  ) {
    count++;
  }
  return count > 0 && LOW.test(one[one.length - count]) ? count - 1 : count;
}
