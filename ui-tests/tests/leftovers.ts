import type { Envlink } from '../../labextension/src/contract';
import type { Answered } from './answers';

function leftover(
  kind: Envlink.LeftoverKind,
  name: string | null,
  path: string,
  bytes: number,
  reason: string
): Envlink.ILeftover {
  const isEnvironment = kind === 'environment';
  return {
    id: `${kind} ${path}`,
    kind,
    path,
    reason,
    name,
    prefix: isEnvironment ? path : null,
    used: null,
    bytes,
    undoable: isEnvironment
  };
}

/** Something of each group that there is. */
const ITEMS: Envlink.ILeftover[] = [
  leftover(
    'environment',
    'thesis-2024',
    '/home/me/envs/thesis-2024',
    640_000_000,
    'no kernel of it was seen for 213 days'
  ),
  leftover(
    'environment',
    'a-name-that-is-far-too-long-for-a-narrow-view-'.repeat(2),
    '/home/me/' + 'a-folder-of-some-length/'.repeat(5) + '.venv',
    310_000_000,
    'no kernel of it was seen for 120 days'
  ),
  leftover(
    'removed',
    'old-course',
    '/home/me/envs/.envlink/trash/20260101-090000-0a1b2c',
    275_000_000,
    'removed, and can be restored until tomorrow'
  ),
  leftover(
    'generation',
    'atlas',
    '/home/me/envs/.envlink/generations/atlas/1',
    21_000_000,
    'how atlas was before an update'
  ),
  leftover(
    'package',
    'numpy-1.26.4-py311h64a7726_0',
    '/home/me/.cache/rattler/pkgs/numpy-1.26.4-py311h64a7726_0',
    38_000_000,
    'no environment has it'
  ),
  leftover(
    'spec',
    'gone',
    '/home/me/.local/share/jupyter/kernels/gone',
    4_000,
    'its environment is not there any more'
  )
];

/** Answer in place of the server what may go from its disk; `items` may change meanwhile. */
export async function answerCleanup(
  page: Answered,
  items: Envlink.ILeftover[] = [...ITEMS]
): Promise<void> {
  await page.route(/envlink\/api\/cleanup(\?|$)/, route => {
    const bytes = items.reduce((sum, each) => sum + (each.bytes ?? 0), 0);
    const since = '2025-11-01T08:00:00Z';
    const json: Envlink.ICleanup = { items, bytes, days: 90, since };
    return route.fulfill({ json });
  });
}
