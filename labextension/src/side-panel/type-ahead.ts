/** Milliseconds within which a further letter belongs to the same word. */
const PAUSE = 700;

/**
 * Finds by the first letters, as they are typed.
 */
export class TypeAhead {
  /**
   * The index of the name that is meant; -1 where there is none.
   *
   * @param letter - what was typed now
   * @param names - all of them
   * @param from - where one is; the search begins behind it, or at it while a word goes on
   */
  find(letter: string, names: readonly string[], from: number): number {
    const now = Date.now();
    this._typed = now - this._last < PAUSE ? this._typed + letter : letter;
    this._last = now;
    // The same letter again goes from one to the next.
    const [first] = this._typed;
    const isRepeated = [...this._typed].every(each => each === first);
    const wanted = (isRepeated ? first : this._typed).toLocaleLowerCase();
    const begin = isRepeated ? from + 1 : from;
    for (let step = 0; step < names.length; step++) {
      const index = (begin + step + names.length) % names.length;
      if (names[index].toLocaleLowerCase().startsWith(wanted)) {
        return index;
      }
    }
    return -1;
  }

  private _last = -Infinity;
  private _typed = '';
}
