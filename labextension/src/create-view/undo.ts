import { CommandIDs } from '../ids';
import type { CreateViews } from './views';

import type { IMainMenu } from '@jupyterlab/mainmenu';
import type { TranslationBundle } from '@jupyterlab/translation';
import { redoIcon, undoIcon } from '@jupyterlab/ui-components';

import type { CommandRegistry } from '@lumino/commands';

/** Undo and redo, in the menu "Edit" for the view in front. */
export function addUndoCommands(options: {
  commands: CommandRegistry;
  menu: IMainMenu | null;
  trans: TranslationBundle;
  views: CreateViews;
}): void {
  const { commands, menu, trans, views } = options;
  const text = () => views.front?.content.draft.model.sharedModel;
  const describedBy = { args: { type: 'object', properties: {} } };
  const isEnabled = () => views.front !== null;
  commands.addCommand(CommandIDs.undoEdit, {
    label: trans.__('Undo in the Environment File'),
    icon: undoIcon,
    describedBy,
    isEnabled: () => text()?.canUndo() ?? false,
    isVisible: isEnabled,
    execute: () => text()?.undo()
  });
  commands.addCommand(CommandIDs.redoEdit, {
    label: trans.__('Redo in the Environment File'),
    icon: redoIcon,
    describedBy,
    isEnabled: () => text()?.canRedo() ?? false,
    isVisible: isEnabled,
    execute: () => text()?.redo()
  });
  menu?.editMenu.undoers.undo.add({ id: CommandIDs.undoEdit, isEnabled });
  menu?.editMenu.undoers.redo.add({ id: CommandIDs.redoEdit, isEnabled });
}
