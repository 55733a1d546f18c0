import type { Envlink, IEnvlinkModel } from './tokens';

/** The id that an environment bears by now: a rename moves it, which makes it another to the server. */
export function followed(
  { environments, jobs }: Pick<IEnvlinkModel, 'environments' | 'jobs'>,
  id: string
): string {
  let known = id;
  const seen = new Set<string>();
  while (!environments.some(each => each.id === known) && !seen.has(known)) {
    seen.add(known);
    known = renamed(jobs, known)?.environment_id ?? known;
  }
  return environments.some(each => each.id === known) ? known : id;
}

/** The newest job that has given it another name. */
function renamed(
  jobs: readonly Envlink.IJob[],
  id: string
): Envlink.IJob | undefined {
  return jobs.find(
    ({ operation, source_id, status }) =>
      operation === 'rename' && status === 'succeeded' && source_id === id
  );
}
