import type { EnvlinkError } from './error';
import { text } from './args';
import { describeRow, meant } from './choosing';
import type { ICommandsOptions } from './commands';
import { CommandIDs } from './ids';
import { asOffered } from './row-commands';
import { saveNew } from './saving';
import type { Envlink } from './tokens';

/** The format that is no text, but written by a job. */
const PACK = 'pack';

/**
 * Add the command that exports an environment.
 */
export function addExportCommand(options: ICommandsOptions): void {
  const { browsers, commands, trans } = options;
  commands.addCommand(CommandIDs.exportEnvironment, {
    label: trans.__('Export Environment…'),
    caption: trans.__('Write a file that others build the environment from'),
    describedBy: describeRow(options, {
      format: {
        type: 'string',
        description: trans.__('One of its formats; asked for without it')
      },
      cwd: {
        type: 'string',
        description: trans.__('The folder to write to')
      }
    }),
    ...asOffered(options, CommandIDs.exportEnvironment),
    execute: async args => {
      const environment = meant(options, args);
      if (!environment) {
        return;
      }
      const { askForFormat } = await import('./formats');
      const format =
        text(args, 'format') || (await askForFormat(environment, trans));
      const cwd =
        text(args, 'cwd') ||
        (browsers?.tracker.currentWidget?.model.path ?? '');
      if (format) {
        await exportAs(options, environment, format, cwd);
      }
    }
  });
}

async function exportAs(
  options: ICommandsOptions,
  environment: Envlink.IEnvironment,
  format: string,
  cwd: string
): Promise<void> {
  const { documents, model, openPanel, trans } = options;
  try {
    if (format === PACK) {
      const local = documents?.services.contents.localPath(cwd) ?? cwd;
      await model.pack(environment.id, local);
      openPanel(true);
      return;
    }
    const done = await model.export(environment.id, format);
    await saveNew(documents, cwd, done);
  } catch (reason) {
    const { showError } = await import('./dialogs');
    const title = trans.__('%1 could not be exported', environment.name);
    await showError(title, asShown(reason), trans);
  }
}

/** Of the server's API, or of the contents API, which says less. */
function asShown(reason: unknown): Pick<EnvlinkError, 'message' | 'remedy'> {
  const { message, remedy } = reason as EnvlinkError;
  return { message, remedy: remedy ?? '' };
}
