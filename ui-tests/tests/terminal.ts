import { execFileSync } from 'child_process';
import * as fs from 'fs';
import * as path from 'path';

import { HOME } from './lab';

/** As a person types it in a terminal; neither the server nor the page is told. */
export function uv(...words: string[]): void {
  execFileSync('uv', ['--quiet', ...words], {
    cwd: path.join(HOME, 'project'),
    env: { ...process.env, VIRTUAL_ENV: '' },
    stdio: ['ignore', 'inherit', 'inherit']
  });
}

/** Make `.venv` in a folder of the project, with `packages` in it; its prefix. */
export function venv(folder: string, ...packages: string[]): string {
  const prefix = path.join(HOME, 'project', folder, '.venv');
  fs.mkdirSync(path.dirname(prefix), { recursive: true });
  uv('venv', '--clear', prefix); // what a try before this one has left
  if (packages.length > 0) {
    uv('pip', 'install', '--python', prefix, ...packages);
  }
  return prefix;
}
