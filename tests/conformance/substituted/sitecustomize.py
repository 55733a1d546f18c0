"""Our kernel spec manager in the place of Jupyter's, in every process that has this folder on its PYTHONPATH."""

import jupyter_client.kernelspec

from jupyter_envlink.manager import EnvlinkKernelSpecManager

jupyter_client.kernelspec.KernelSpecManager = EnvlinkKernelSpecManager
