import { Kernels } from '../kernels';
import { IKernels } from '../tokens';

import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';

/** Launcher and kernel menu show a new kernel at once: this alone is enough for that, in Notebook 7, too. */
export const kernelsPlugin: JupyterFrontEndPlugin<IKernels> = {
  id: 'jupyter_envlink:kernels',
  description: 'Asks for the kernels again as soon as the server has others.',
  autoStart: true,
  provides: IKernels,
  activate: (app: JupyterFrontEnd) => {
    const { events, kernelspecs } = app.serviceManager;
    const kernels = new Kernels(kernelspecs);
    kernels.follow(events.stream);
    return kernels;
  }
};
