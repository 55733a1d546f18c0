import { attachPlugin } from './plugins/attach';
import { beginPlugin } from './plugins/begin';
import { cleanupPlugin } from './plugins/cleanup';
import { commandsPlugin } from './plugins/commands';
import { createPlugin } from './plugins/create';
import { jobsPlugin } from './plugins/jobs';
import { environmentPlugin } from './plugins/environment';
import { kernelsPlugin } from './plugins/kernels';
import { modelPlugin } from './plugins/model';
import { notificationsPlugin } from './plugins/notifications';
import { panelPlugin } from './plugins/panel';
import { runningPlugin } from './plugins/running';
import { statusPlugin } from './plugins/status';

export { IEnvlinkModel, IKernels } from './tokens';
export type { Envlink } from './tokens';

export default [
  kernelsPlugin,
  modelPlugin,
  commandsPlugin,
  createPlugin,
  panelPlugin,
  environmentPlugin,
  notificationsPlugin,
  jobsPlugin,
  statusPlugin,
  runningPlugin,
  beginPlugin,
  cleanupPlugin,
  attachPlugin
];
