import type { IJupyterLabPageFixture } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';

import type { Answer, Answered } from './answers';
import { answer, environment, inform, job, unready } from './answers';
import { answerInside, ATLAS } from './inside';
import { Lab } from './lab';
import { answerCleanup } from './leftovers';
import { answerPlans } from './plans';

/** A view that is in front, in one of its states. */
export interface IShown {
  name: string;
  view: Locator;
}

/** An environment that is no kernel. */
export const BROKEN = unready(
  'delta',
  'broken',
  'bin/python of delta points to a file that is gone.',
  'Create it again from its file.'
);

/** What was removed, and can come back. */
export const REMOVED = {
  job: '20260101-080000-aabbcc',
  environment_id: environment('old-course').id,
  name: 'old-course',
  prefix: '/home/me/envs/old-course',
  removed: '2026-01-01T08:00:00Z',
  until: '2036-01-01T08:00:00Z'
};

const OF_ATLAS = { environment_id: ATLAS.id, name: 'atlas' };

const LOG = [
  ['phase', 'solving'],
  ['line', 'numpy 2.3.4, tornado 6.6.1 and 31 others are asked for'],
  ['phase', 'downloading'],
  ['line', 'numpy-2.3.4-py311h64a7726_0.conda'],
  [
    'line',
    `a line that is longer than the view is wide ${'and on '.repeat(40)}`
  ],
  ['phase', 'pip'],
  ['error', 'ERROR: No matching distribution found for envlink-none']
].map(([kind, text]) => ({
  time: '2026-01-01T10:00:02Z',
  kind,
  text: kind === 'phase' ? '' : text,
  phase: kind === 'phase' ? text : null
}));

/** The server's answers are always the same in a page. */
export async function arrange(
  page: Answered,
  environments: Answer[] = [ATLAS, BROKEN],
  jobs: Answer[] = [
    job('running'),
    job('failed', { ...OF_ATLAS, operation: 'update' }),
    job('succeeded', OF_ATLAS)
  ]
): Promise<void> {
  await inform(page, { envs_dir: '/home/me/envs', read_only: false });
  await answer(page, environments, jobs);
  await answerInside(page);
  await answerPlans(page);
  await answerCleanup(page);
  const fixed: { [route: string]: Answer } = {
    'removed(\\?|$)': { removed: [REMOVED] },
    'files(\\?|$)': { files: [], folder: '', is_whole: true },
    'log\\?offset=0': { entries: LOG, next_offset: 900, finished: true },
    'log\\?offset=900': { entries: [], next_offset: 900, finished: true }
  };
  for (const [route, json] of Object.entries(fixed)) {
    await page.route(new RegExp(`envlink/api/.*${route}`), each =>
      each.fulfill({ json })
    );
  }
}

/** A page of JupyterLab in which the server's answers are always the same. */
export async function open(
  page: IJupyterLabPageFixture,
  environments?: Answer[],
  jobs?: Answer[]
): Promise<Lab> {
  await arrange(page, environments, jobs);
  await page.goto();
  return new Lab(page);
}
