import type { Envlink } from '../../labextension/src/contract';
import type { Answer, Answered } from './answers';
import { environment } from './answers';

/** An environment of which the server knows everything. */
export const ATLAS = environment('atlas', {
  kind: 'conda',
  python_version: '3.11',
  running: [{ id: 'k1', name: 'atlas', path: 'maps/Rivers.ipynb' }],
  exports: ['yml', 'from-history', 'explicit', 'requirements', 'pack'],
  size: { total: 412_000_000, unique: 58_000_000 }
});

/** Its id, and that of its like: what the server tells of it is told of each. */
export const ONE = 'environments/[0-9a-f]{12}';

type Package = Envlink.IInstalledPackage;

function held(
  name: string,
  version: string,
  disk: number,
  said: Partial<Package> = {}
): Package {
  return {
    name,
    version,
    build: 'py311h64a7726_0',
    channel: 'conda-forge',
    size: Math.round(disk / 4),
    subdir: 'linux-64',
    manager: 'conda',
    requested: null,
    disk,
    needs: [],
    ...said
  };
}

const PIP: Partial<Package> = { build: '', channel: null, manager: 'pip' };

const PACKAGES: Package[] = [
  held('ipykernel', '7.4.0', 600_000, { requested: 'ipykernel' }),
  held('numpy', '2.3.4', 32_000_000, { requested: 'numpy>=2' }),
  held('python', '3.11.14', 141_000_000, { requested: 'python=3.11' }),
  held('humanize', '4.14.0', 700_000, { ...PIP, requested: 'humanize' }),
  held('libopenblas', '0.3.30', 33_000_000),
  held('openssl', '3.6.0', 9_000_000, { build: 'h26f9b46_0' }),
  held('traitlets', '5.16.1', 500_000, { build: 'pyhd8ed1ab_0' }),
  held('tornado', '6.6.1', 3_400_000)
];

function share(total: number, cache: number): Envlink.IShare {
  const unique = total - cache;
  return { total, unique, cache, generations: 0, elsewhere: 0 };
}

const DISK: Envlink.IDiskUsage = {
  ...share(412_000_000, 354_000_000),
  measured: '2026-01-02T09:30:00Z',
  packages: PACKAGES.map(({ disk, manager, name, version }) => ({
    ...share(disk ?? 0, manager === 'conda' ? (disk ?? 0) : 0),
    name,
    version,
    manager
  })),
  rest: [
    { kind: 'bytecode', ...share(46_000_000, 0) },
    { kind: 'records', ...share(2_000_000, 0) },
    { kind: 'folders', ...share(1_000_000, 0) },
    { kind: 'other', ...share(8_300_000, 0) }
  ],
  kept: [{ number: 1, created: '2026-01-01T12:00:00Z', bytes: 21_000_000 }],
  exact: true,
  unreadable: []
};

const WHY: Envlink.IWhy = {
  name: 'traitlets',
  version: '5.16.1',
  manager: 'conda',
  requested: null,
  orphan: false,
  chains: [
    [
      { name: 'ipykernel', version: '7.4.0', spec: 'ipykernel' },
      { name: 'traitlets', version: '5.16.1', spec: 'traitlets >=5.4.0' }
    ]
  ],
  left_out: 0,
  needed_by: [
    { name: 'ipykernel', version: '7.4.0', spec: 'traitlets >=5.4.0' }
  ],
  needs: [{ name: 'python', version: '3.11.14', spec: 'python >=3.10' }]
};

function moved(name: string, from: string, to: string): Envlink.IMove {
  const one = (version: string): Envlink.IPackage => ({
    name,
    version,
    build: 'py311h64a7726_0',
    channel: 'conda-forge',
    size: 7_900_000
  });
  return { from: one(from), to: one(to) };
}

/** What changes where one package becomes newer, another older, and one goes. */
export const CHANGES: Envlink.IChanges = {
  install: [],
  upgrade: [moved('tornado', '6.5.2', '6.6.1')],
  downgrade: [moved('numpy', '2.3.4', '2.2.6')],
  rebuild: [],
  remove: [moved('openssl', '3.6.0', '3.6.0').from],
  unchanged: 31
};

const GENERATION: Envlink.IGeneration = {
  number: 1,
  created: '2026-01-01T12:00:00Z',
  job: '20260101-115900-abcdef',
  operation: 'update',
  changes: CHANGES
};

const REVISIONS: Envlink.IRevision[] = [
  {
    number: 1,
    date: '2026-01-01T12:00:00Z',
    command: 'jupyter envlink update atlas -f environment.yml',
    added: ['numpy-2.3.4-py311h64a7726_0'],
    removed: ['numpy-2.2.6-py311h64a7726_0']
  },
  {
    number: 0,
    date: '2026-01-01T10:00:00Z',
    command: null,
    added: PACKAGES.map(each => `${each.name}-${each.version}-${each.build}`),
    removed: []
  }
];

const DETAIL = {
  packages: PACKAGES,
  unreadable: [],
  revisions: REVISIONS,
  kernel_specs: [
    {
      name: 'atlas',
      display_name: 'atlas (Python 3.11)',
      language: 'python',
      argv: [
        '/home/me/envs/atlas/bin/python',
        '-m',
        'ipykernel_launcher',
        '-f',
        '{connection_file}'
      ],
      aliases: ['conda-env-atlas-py'],
      registered: true
    }
  ],
  activated: [
    { name: 'ATLAS_FOLDER', value: '/srv/atlas', source: 'state' },
    { name: 'ATLAS_TOKEN', value: null, source: 'state' },
    { name: 'OMP_NUM_THREADS', value: '2', source: 'kernel' },
    {
      name: 'CONDA_PREFIX',
      value: '/home/me/envs/atlas',
      source: 'activation'
    }
  ]
} satisfies Partial<Envlink.IEnvironmentDetail>;

/** Answer in place of the server what is in an environment, whichever is asked for. */
export async function answerInside(page: Answered): Promise<void> {
  const answers: { [route: string]: Answer } = {
    '': { ...ATLAS, ...DETAIL },
    '/why': { ...WHY },
    '/disk': { ...DISK },
    '/generations': { generations: [GENERATION] }
  };
  for (const [route, json] of Object.entries(answers)) {
    const asked = new RegExp(`envlink/api/${ONE}${route}(\\?|$)`);
    await page.route(asked, each => each.fulfill({ json }));
  }
}
