import { asEnvlinkError } from '../error';
import { isEnvironmentFile } from '../files';
import type { Beginner } from './beginner';
import { isUploaded, textOf } from './dropped';

import type { IFileBrowserFactory } from '@jupyterlab/filebrowser';
import type { Contents } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';

interface IDroppingOptions {
  begin: Beginner;
  browsers: IFileBrowserFactory | null;
  contents: Contents.IManager;
  trans: TranslationBundle;
}

/** Begin an environment with each of the server's files. */
export function takePaths(
  paths: string[],
  options: IDroppingOptions
): Promise<void> {
  const { begin, contents } = options;
  return each(paths.filter(isEnvironmentFile), options, path =>
    begin.file(contents.localPath(path))
  );
}

/** Begin an environment with each of the person's own files. */
export function takeFiles(
  files: File[],
  options: IDroppingOptions
): Promise<void> {
  const { begin, trans } = options;
  return each(files, options, async file => {
    if (isUploaded(file)) {
      await begin.file(await uploaded(file, options));
    } else {
      await begin.text(await textOf(file, trans));
    }
  });
}

/** Do it with one after the other; why one cannot be used is said before the next. */
async function each<T>(
  all: readonly T[],
  { trans }: IDroppingOptions,
  use: (one: T) => Promise<void>
): Promise<void> {
  for (const one of all) {
    try {
      await use(one);
    } catch (reason) {
      const { showError } = await import('../dialogs');
      const title = trans.__('No environment begins with it');
      await showError(title, asEnvlinkError(reason), trans);
    }
  }
}

/** Put an archive where the file browser is; its path. */
async function uploaded(
  file: File,
  { browsers, contents, trans }: IDroppingOptions
): Promise<string> {
  const browser = browsers?.tracker.currentWidget;
  if (!browser) {
    throw new Error(
      trans.__(
        '%1 is an archive: put it where the files of the server are, and begin from there.',
        file.name
      )
    );
  }
  const { path } = await browser.model.upload(file);
  return contents.localPath(path);
}
