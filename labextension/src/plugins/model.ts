import { EnvlinkApi } from '../api';
import { Kernels } from '../kernels';
import { EnvlinkModel } from '../model';
import { IEnvlinkModel, IKernels } from '../tokens';
import { bundleOf } from '../translation';

import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ITranslator } from '@jupyterlab/translation';

/** The environments and jobs of the server, for this extension and for others. */
export const modelPlugin: JupyterFrontEndPlugin<IEnvlinkModel> = {
  id: 'jupyter_envlink:model',
  description: 'Keeps the list of environments and jobs up to date.',
  autoStart: true,
  optional: [IKernels, ITranslator],
  provides: IEnvlinkModel,
  activate: (
    app: JupyterFrontEnd,
    shared: IKernels | null,
    translator: ITranslator | null
  ) => {
    const trans = bundleOf(translator);
    const { connectionFailure, events, kernelspecs, serverSettings } =
      app.serviceManager;
    const api = new EnvlinkApi(serverSettings, trans);
    const kernels = shared ?? new Kernels(kernelspecs);
    return new EnvlinkModel({
      api,
      events: events.stream,
      failures: connectionFailure,
      kernels
    });
  }
};
