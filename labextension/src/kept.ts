/** `known` where it says the same as `now`: a view of an unchanged object is not drawn again. */
export function kept<T extends object>(known: T | undefined, now: T): T {
  return known && JSON.stringify(known) === JSON.stringify(now) ? known : now;
}
