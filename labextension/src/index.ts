import { commandsPlugin } from './plugins/commands';
import { kernelsPlugin } from './plugins/kernels';
import { modelPlugin } from './plugins/model';
import { notificationsPlugin } from './plugins/notifications';
import { panelPlugin } from './plugins/panel';

export { IEnvlinkModel, IKernels } from './tokens';
export type { Envlink } from './tokens';

export default [
  kernelsPlugin,
  modelPlugin,
  commandsPlugin,
  panelPlugin,
  notificationsPlugin
];
