import type { IPage } from './page';
import type { Envlink, IEnvlinkModel } from './tokens';

import type { ISessionContext } from '@jupyterlab/apputils';

/** The sessions open in this page whose kernels run in an environment, as the server told it last. */
export function sessionsIn(
  environment: Envlink.IEnvironment | undefined,
  page: IPage
): ISessionContext[] {
  const running = new Set(environment?.running.map(each => each.id));
  const seen = new Set<string>();
  return page.sessions().filter(({ session }) => {
    const id = session?.kernel?.id ?? '';
    const isFirst = running.has(id) && !seen.has(id);
    seen.add(id);
    return isFirst;
  });
}

/** Restart the kernels open in this page that run in an environment. Rejects with what the first that fails says. */
export async function restartKernels(
  model: IEnvlinkModel,
  page: IPage,
  id: string
): Promise<void> {
  await model.refresh();
  const environment = model.environments.find(each => each.id === id);
  await Promise.all(
    sessionsIn(environment, page).map(each => each.restartKernel())
  );
}
