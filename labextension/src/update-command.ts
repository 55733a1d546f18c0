import { describeId, text } from './args';
import { isChangeable, meant } from './choosing';
import type { IFileCommandsOptions } from './create-command';
import { chooseFile, selectedFile } from './files';
import { environmentIcon } from './icons';
import { CommandIDs } from './ids';

/**
 * Add the command that updates an environment from a file.
 */
export function addUpdateCommand(options: IFileCommandsOptions): void {
  const { browsers, commands, model, open, trans } = options;
  commands.addCommand(CommandIDs.update, {
    label: args =>
      args['selected']
        ? trans.__('Update environment from this file…')
        : trans.__('Update Environment…'),
    caption: trans.__(
      'Update an environment from a file, after its changes were shown'
    ),
    icon: args => (args['selected'] ? environmentIcon : undefined),
    describedBy: describeUpdate(options),
    isVisible: args => !args['selected'] || selectedFile(browsers) !== '',
    isEnabled: args => {
      const environment = meant(options, args);
      return (
        !model.info?.read_only && (!environment || isChangeable(environment))
      );
    },
    execute: async args => {
      const id = meant(options, args)?.id;
      const path =
        text(args, 'path') ||
        (args['selected'] ? selectedFile(browsers) : '') ||
        (await chooseFile(options));
      if (path) {
        // Which kernels run in the environments may have changed since the list was read.
        await model.refresh();
        const proposed = id ?? (await proposal(options, path)) ?? undefined;
        await open({ operation: 'update', path, id: proposed });
      }
    }
  });
}

function describeUpdate({ trans }: IFileCommandsOptions) {
  const { args } = describeId(trans.__('The id of the environment'), {
    path: {
      type: 'string',
      description: trans.__('The file, by its path; asked for without it')
    },
    selected: {
      type: 'boolean',
      description: trans.__(
        'Whether the file that is selected is meant, and it is offered only while there is one'
      )
    },
    clicked: {
      type: 'boolean',
      description: trans.__('Whether the right-clicked environment is meant')
    }
  });
  return { args: { ...args, required: [] } };
}

/** The environment that the file names, else the one whose kernel the notebook in front uses. */
async function proposal(
  { model, page }: IFileCommandsOptions,
  path: string
): Promise<string | null> {
  const offered = model.environments.filter(isChangeable);
  const name = await model.plan({ path, solve: false }).then(
    plan => plan.name,
    // What is wrong with the file is said by the preview.
    () => null
  );
  const front = page.front();
  const found =
    offered.find(each => each.name === name) ??
    offered.find(each => each.running.some(kernel => kernel.path === front));
  return found?.id ?? null;
}
