import type { IDocumentManager } from '@jupyterlab/docmanager';
import type { IFileBrowserFactory } from '@jupyterlab/filebrowser';
import type { TranslationBundle } from '@jupyterlab/translation';

/** Where files are chosen. Without a document manager a file is named by its path. */
export interface IFilesOptions {
  browsers: IFileBrowserFactory | null;
  documents: IDocumentManager | null;
  trans: TranslationBundle;
}

/** The path of the one environment file that is selected, or nothing. */
export function selectedFile(browsers: IFileBrowserFactory | null): string {
  const items = browsers?.tracker.currentWidget?.selectedItems() ?? [];
  const files = [...items].filter(item => isEnvironmentFile(item.path));
  return files.length === 1 ? files[0].path : '';
}

/** Let the person choose a file; the path, or nothing. */
export async function chooseFile(options: IFilesOptions): Promise<string> {
  const { browsers, documents, trans } = options;
  const title = trans.__('Choose an environment file');
  if (!documents) {
    const { InputDialog } = await import('@jupyterlab/apputils');
    const label = trans.__('Path of the file');
    return (await InputDialog.getText({ title, label })).value ?? '';
  }
  const { FileDialog } = await import('@jupyterlab/filebrowser');
  const chosen = await FileDialog.getOpenFiles({
    manager: documents,
    title,
    defaultPath: browsers?.tracker.currentWidget?.model.path,
    filter: item =>
      item.type === 'directory' || isEnvironmentFile(item.path) ? {} : null
  });
  return chosen.value?.[0]?.path ?? '';
}

/**
 * Whether a file may be one that an environment can be made from, by its path; the server looks at what it holds.
 * Of `.txt`, `.in` and `.lock` those are meant that say so.
 */
export function isEnvironmentFile(path: string): boolean {
  return ENVIRONMENT_FILES.some(pattern => pattern.test(path));
}

/** Whether a file is a packed environment, by its name: what it holds is no text. */
export function isArchive(name: string): boolean {
  return ARCHIVE.test(name);
}

const ARCHIVE = /\.(tar(\.(gz|bz2|xz|zst))?|tgz|zip)$/i;

const ENVIRONMENT_FILES = [
  /\.ya?ml$/i,
  /(require|explicit|spec|conda|package)[^/]*\.(txt|in|lock)$/i,
  /(^|[-_./])(deps|dependencies|env|environment|freeze|reqs)([-_.][^/]*)?\.(txt|in|lock)$/i,
  /(^|\/)requirements\/[^/]+\.(txt|in)$/i,
  /(^|\/)pixi\.lock$/i,
  /(^|\/)pylock(\.[^./]+)?\.toml$/i,
  /(^|\/)pyproject\.toml$/i,
  ARCHIVE
];
