import type { Envlink } from './tokens';

/** What may stand before a path in a sentence of any language, and behind the whole of one. */
const BEFORE = '(^|[\\s("\'（“„])';
const BEHIND = '(?=[\\s:;,)"\'）”“：；，、。]|\\.?$|\\.\\s)';

/**
 * What is said of an environment, for its own row, where its path stands already: its name in place of the path, and
 * an ellipsis where a path goes on. The panel is narrow, and a path takes lines of it.
 */
export function abridged(
  said: Envlink.IProblem,
  environment: Pick<Envlink.IEnvironment, 'name' | 'prefix'>
): Envlink.IProblem {
  const { name, prefix } = environment;
  const path = prefix.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const whole = new RegExp(`${BEFORE}${path}${BEHIND}`, 'g');
  const inside = new RegExp(`${BEFORE}${path}(?=[\\\\/])`, 'g');
  const shorten = (text: string): string =>
    text
      .replace(whole, (_, before: string) => before + name)
      .replace(inside, (_, before: string) => `${before}…`);
  return {
    ...said,
    message: shorten(said.message),
    remedy: shorten(said.remedy)
  };
}
