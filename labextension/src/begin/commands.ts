import { text } from '../args';
import { CommandIDs } from '../ids';
import { showWidget } from '../main-area';
import type { Beginner } from './beginner';
import type { BeginWidget } from './widget';
import type { IEnvlinkModel } from '../tokens';
import type { Way } from './ways';
import { WAYS, isWay } from './ways';

import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { WidgetTracker } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { addIcon } from '@jupyterlab/ui-components';

interface IBeginOptions {
  app: JupyterFrontEnd;
  begin: Beginner;
  chooseFile: () => Promise<string>;
  model: IEnvlinkModel;
  tracker: WidgetTracker<BeginWidget>;
  trans: TranslationBundle;
}

/** Add the command that asks where a new environment comes from. */
export function addBeginCommand(options: IBeginOptions): void {
  const { app, model, trans } = options;
  app.commands.addCommand(CommandIDs.newEnvironment, {
    label: args =>
      args['isMenu'] ? trans.__('Environment…') : trans.__('New Environment…'),
    caption: trans.__('Begin a new environment'),
    icon: args => (args['isPalette'] ? undefined : addIcon),
    describedBy: {
      args: {
        type: 'object',
        properties: {
          way: {
            type: 'string',
            enum: [...WAYS],
            description: trans.__('Where it comes from')
          },
          isMenu: {
            type: 'boolean',
            description: trans.__('Whether it stands below "New"')
          },
          isPalette: {
            type: 'boolean',
            description: trans.__('Whether it stands in the palette')
          }
        }
      }
    },
    isEnabled: () => !model.info?.read_only,
    execute: args => show(options, text(args, 'way'))
  });
}

/** Show the view, which there is once; a way that is asked for comes to its front. */
async function show(options: IBeginOptions, wanted: string): Promise<void> {
  const { tracker } = options;
  const way: Way | null = isWay(wanted) ? wanted : null;
  const widget = tracker.find(each => !each.isDisposed);
  if (!widget) {
    await add(options, way ?? WAYS[0]);
    return;
  }
  if (way) {
    widget.content.way = way;
  }
  showWidget(options.app.shell, widget);
}

async function add(options: IBeginOptions, way: Way): Promise<void> {
  const { app, begin, chooseFile, model, tracker, trans } = options;
  const { BeginWidget } = await import('./widget');
  const widget = new BeginWidget({ begin, chooseFile, model, trans }, way);
  showWidget(app.shell, widget);
  await tracker.add(widget);
  widget.content.wayChanged.connect(() => void tracker.save(widget));
}
