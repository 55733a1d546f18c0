import { text } from '../args';
import { CommandIDs } from '../ids';
import { fromArgs } from './beginning';
import type { CreateViews } from './views';
import type { CreateWidget } from './widget';

import type { Contents } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import { saveIcon } from '@jupyterlab/ui-components';

import type { CommandRegistry } from '@lumino/commands';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

interface IViewCommandsOptions {
  commands: CommandRegistry;
  contents: Contents.IManager;
  views: CreateViews;
  trans: TranslationBundle;
}

/** Add the commands of the views of files. */
export function addViewCommands(options: IViewCommandsOptions): void {
  addOpenCommand(options);
  addSaveCommands(options);
}

function addOpenCommand({ commands, views, trans }: IViewCommandsOptions) {
  const string = (description: string) => ({ type: 'string', description });
  commands.addCommand(CommandIDs.openFile, {
    label: trans.__('Show What Would Come of a File'),
    describedBy: {
      args: {
        type: 'object',
        properties: {
          operation: {
            type: 'string',
            enum: ['create', 'update'],
            description: trans.__(
              'Whether an environment is created or updated from it'
            )
          },
          path: string(trans.__('The environment file, by its path')),
          text: string(trans.__('In place of what the file holds')),
          filename: string(trans.__('What the text is called')),
          name: string(trans.__('The name of the environment')),
          id: string(trans.__('The environment that is updated, by its id')),
          prune: {
            type: 'boolean',
            description: trans.__('Whether what the file does not need goes')
          },
          job: string(trans.__('The job that was begun from here')),
          key: string(trans.__('Tells texts that are no files apart'))
        }
      }
    },
    execute: args => views.open(fromArgs(args))
  });
}

function addSaveCommands(options: IViewCommandsOptions): void {
  const { commands, contents, trans, views } = options;
  const describedBy = {
    args: {
      type: 'object',
      properties: {
        view: {
          type: 'string',
          description: trans.__('The id of the view; without it, that in front')
        },
        isMenu: {
          type: 'boolean',
          description: trans.__(
            'Whether it is there for the view in front only'
          )
        }
      }
    }
  };
  const isVisible = (args: ReadonlyPartialJSONObject) =>
    args['isMenu'] !== true || views.front !== null;
  const saveAs = async (widget: CreateWidget) => {
    const { saveAs } = await import('./save-as');
    await saveAs(widget.content.draft, { contents, trans });
  };
  commands.addCommand(CommandIDs.saveFile, {
    label: trans.__('Save the Environment File'),
    caption: trans.__('Save the text in its file'),
    icon: saveIcon,
    describedBy,
    isEnabled: args => meant(options, args)?.content.draft.isDirty ?? false,
    isVisible,
    execute: async args => {
      const widget = meant(options, args);
      const draft = widget?.content.draft;
      if (widget && draft) {
        await (draft.path === null ? saveAs(widget) : draft.save());
      }
    }
  });
  commands.addCommand(CommandIDs.saveFileAs, {
    label: trans.__('Save the Environment File as…'),
    caption: trans.__('Save the text as another file'),
    describedBy,
    isEnabled: args => meant(options, args)?.content.draft.isText ?? false,
    isVisible,
    execute: async args => {
      const widget = meant(options, args);
      if (widget) {
        await saveAs(widget);
      }
    }
  });
}

function meant(
  { views }: IViewCommandsOptions,
  args: ReadonlyPartialJSONObject
): CreateWidget | null {
  const id = text(args, 'view');
  return id
    ? (views.tracker.find(each => each.id === id) ?? null)
    : views.current;
}
