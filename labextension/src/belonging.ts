import { hasEnded } from './jobs';
import type { IPage } from './page';
import type { Envlink, IEnvlinkModel } from './tokens';

import type { ISessionContext } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';

/** The notebooks open in this page that a new environment is likely for: those beside the file it was made of. */
export function notebooksFor(
  job: Envlink.IJob,
  model: IEnvlinkModel,
  page: IPage
): ISessionContext[] {
  const file = model.source(job.id);
  if (!file || !hasEnded(job)) {
    return [];
  }
  const id = job.result?.environment_id ?? job.environment_id;
  const kernels = model.environments.find(each => each.id === id)?.kernels;
  const names = new Set(kernels?.map(each => each.name));
  return notebooks(page).filter(
    each =>
      PathExt.dirname(each.path) === PathExt.dirname(file) &&
      !names.has(each.session?.kernel?.name ?? '')
  );
}

/** The notebooks open in this page, each once. */
export function notebooks(page: IPage): ISessionContext[] {
  const found = new Map<string, ISessionContext>();
  for (const each of page.sessions()) {
    if (each.type === 'notebook') {
      found.set(each.path, each);
    }
  }
  return [...found.values()];
}
