import type { CodeEditor } from '@jupyterlab/codeeditor';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';

/** Where JupyterLab keeps how its text editors are to be. */
const EDITOR_SETTINGS = '@jupyterlab/fileeditor-extension:plugin';

/** How the person wants text editors to be; where that is not to be had, as they are by default. */
export async function editorConfigOf(
  settings: ISettingRegistry | null
): Promise<CodeEditor.IOptions['config']> {
  try {
    const found = await settings?.get(EDITOR_SETTINGS, 'editorConfig');
    return (found?.composite ?? {}) as CodeEditor.IOptions['config'];
  } catch {
    // There is no file editor in this page.
    return {};
  }
}
