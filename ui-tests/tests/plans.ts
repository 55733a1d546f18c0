import type { Route } from '@playwright/test';

import type { Envlink } from '../../labextension/src/contract';
import type { Answer, Answered } from './answers';
import { ATLAS, CHANGES } from './inside';

/** A file of which an environment can be made. */
export const GOOD = [
  'name: rivers',
  'channels:',
  '  - conda-forge',
  'dependencies:',
  '  - python=3.11',
  '  - numpy>=2',
  '  - pip',
  '  - pip:',
  '      - humanize',
  ''
].join('\n');

/** A file that asks for what does not go together. */
export const CLASHING = [
  'name: clash',
  'channels:',
  '  - conda-forge',
  'dependencies:',
  '  - numba=0.59',
  '  - numpy=2.3  # the newest',
  ''
].join('\n');

/** A file in which something is written that no file holds. */
export const MISTAKEN =
  'name: mistake\ndependencies:\n  - numpy\n  - python: 3.11\n';

const MENDED = CLASHING.replace('numpy=2.3', 'numpy');

function found(name: string, version: string, size: number): Envlink.IPackage {
  return { name, version, build: '0', channel: 'conda-forge', size };
}

const SOLUTION: Envlink.ISolution = {
  packages: [],
  download_bytes: 52_400_000,
  disk_bytes: 231_000_000,
  disk_exact: true,
  changes: {
    install: [
      found('numpy', '2.3.4', 8_900_000),
      found('pip', '25.3', 1_200_000),
      found('python', '3.11.14', 31_000_000)
    ],
    upgrade: [],
    downgrade: [],
    rebuild: [],
    remove: [],
    unchanged: 0
  },
  pip_stranded: []
};

function plan(text: string, said: Partial<Envlink.IPlan>): Envlink.IPlan {
  return {
    operation: 'create',
    environment_id: null,
    format: 'environment-yml',
    text,
    name: 'rivers',
    prefix: '/home/me/envs/rivers',
    name_problem: null,
    channels: ['conda-forge'],
    conda: ['python=3.11', 'numpy>=2', 'pip'],
    pip: ['humanize'],
    pip_changes: null,
    pip_steps: null,
    pip_removed: null,
    variables: {},
    variable_changes: null,
    added: [
      { spec: 'ipykernel', reason: 'so that Jupyter can run notebooks in it' }
    ],
    notes: [],
    diagnostics: [],
    solution: null,
    conflict: null,
    ...said
  };
}

function cause(line: number, spec: string, message: string): Envlink.ICause {
  const end = 5 + spec.length;
  return { spec, line, column: 5, end_line: line, end_column: end, message };
}

const CONFLICT: Envlink.IErrorBody = {
  code: 'conflict',
  message:
    'Line 5 asks for numba=0.59, which needs numpy <1.27; line 6 asks for numpy=2.3.',
  remedy: 'Change one of these lines.',
  details: {
    causes: [
      cause(5, 'numba=0.59', 'Line 5 asks for numba=0.59.'),
      cause(6, 'numpy=2.3', 'Line 6 asks for numpy=2.3.')
    ],
    remedies: [
      {
        code: 'loosen',
        title: 'Take another numpy',
        explanation: 'Any version that goes with the other lines.',
        text: MENDED,
        diff: '',
        solves: true
      }
    ],
    reasons: 'numba 0.59 needs numpy >=1.22,<1.27, which is not 2.3.'
  }
};

/** What becomes of the environment that is there. */
const UPDATE: Partial<Envlink.IPlan> = {
  operation: 'update',
  environment_id: String(ATLAS.id),
  name: 'atlas',
  prefix: '/home/me/envs/atlas',
  added: [],
  pip_changes: [
    {
      item: 'humanize',
      name: 'humanize',
      installed: null,
      change: 'install'
    }
  ],
  pip_removed: [],
  variable_changes: [{ name: 'ATLAS_FOLDER', from: '/srv', to: '/srv/atlas' }]
};

function planOf(asked: Envlink.IPlanRequest): Envlink.IPlan {
  const { environment, solve, text = GOOD } = asked;
  if (text === CLASHING) {
    const known = { name: 'clash', prefix: '/home/me/envs/clash' };
    const conda = ['numba=0.59', 'numpy=2.3'];
    const conflict = solve ? CONFLICT : null;
    return plan(text, { ...known, conda, pip: [], conflict });
  }
  if (environment !== undefined) {
    const solution = solve ? { ...SOLUTION, changes: CHANGES } : null;
    return plan(text, { ...UPDATE, solution });
  }
  return plan(text, { solution: solve ? SOLUTION : null });
}

/** What the server itself says, but for what is of this machine. */
async function planned(route: Route): Promise<Answer> {
  const said = await (await route.fetch()).json();
  return {
    ...said,
    channels: ['conda-forge'],
    prefix: '/home/me/envs/mistake'
  };
}

/** Answer in place of the server what would come of a file; what is wrong in it is told by the server itself. */
export async function answerPlans(page: Answered): Promise<void> {
  await page.route(/envlink\/api\/plan(\?|$)/, async route => {
    const asked: Envlink.IPlanRequest = route.request().postDataJSON();
    const json = asked.text === MISTAKEN ? await planned(route) : planOf(asked);
    await route.fulfill({ json });
  });
}
