import type { Envlink } from '../tokens';

/** How an editor shows a format. */
export function mimeOf(format: Envlink.Format): string {
  switch (format) {
    case 'environment-yml':
    case 'conda-lock':
    case 'pixi-lock':
      return 'text/x-yaml';
    case 'pyproject':
    case 'pylock':
      return 'text/x-toml';
    default:
      return 'text/plain';
  }
}
