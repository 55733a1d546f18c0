import type { Answer } from './answers';
import { environment, unready } from './answers';

/** How many environments a large machine has. */
export const COUNT = 1000;

/** What a thousand cost the *page* is looked at with them; the server has benchmarks. */
export function many(count = COUNT): Answer[] {
  return Array.from({ length: count }, (_, index) => project(index));
}

/** Every tenth has no kernel, one in a hundred is hidden. */
function project(index: number): Answer {
  const name = `project-${index}`;
  const made =
    index % 10 === 0
      ? unready(name, 'no-kernel', 'It has no ipykernel.', 'Install a kernel.')
      : environment(name, { hidden: index % 100 === 1 });
  const id = index.toString(16).padStart(12, '0');
  const size = { total: 1e8 + index * 1e6, unique: 1e7 };
  return { ...made, id, size };
}
