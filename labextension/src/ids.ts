/** The commands of this extension. */
export namespace CommandIDs {
  export const openPanel = 'jupyter_envlink:open-panel';
  export const filter = 'jupyter_envlink:filter';
  export const refresh = 'jupyter_envlink:refresh';
  export const createEnvironment = 'jupyter_envlink:create-environment';
  /** Asks where the new environment comes from. */
  export const newEnvironment = 'jupyter_envlink:new-environment';
  /** Shows a file, or a text, with what would come of it. */
  export const openFile = 'jupyter_envlink:open-file';
  export const saveFile = 'jupyter_envlink:save-file';
  export const saveFileAs = 'jupyter_envlink:save-file-as';
  /** In the text of the view of a file. */
  export const undoEdit = 'jupyter_envlink:undo-edit';
  export const redoEdit = 'jupyter_envlink:redo-edit';
  /** From a file, for a notebook. */
  export const createForNotebook = 'jupyter_envlink:create-for-notebook';
  /** Lets open notebooks run on an environment. */
  export const useIn = 'jupyter_envlink:use-in-notebooks';
  /** From a file. */
  export const update = 'jupyter_envlink:update';
  export const clone = 'jupyter_envlink:clone';
  export const rename = 'jupyter_envlink:rename';
  export const rollBack = 'jupyter_envlink:roll-back';
  /** The kernels that run in an environment and are open in this page. */
  export const restartKernels = 'jupyter_envlink:restart-kernels';
  /** An environment's own view. */
  export const openEnvironment = 'jupyter_envlink:open-environment';
  /** A terminal in which an environment is activated. */
  export const openTerminal = 'jupyter_envlink:open-terminal';
  export const copyPath = 'jupyter_envlink:copy-path';
  export const shutDownKernel = 'jupyter_envlink:shut-down-kernel';
  export const openNotebook = 'jupyter_envlink:open-notebook';
  export const attach = 'jupyter_envlink:attach';
  export const installKernel = 'jupyter_envlink:install-kernel';
  /** Runs its kernel from packages that are kept outside it. */
  export const overlay = 'jupyter_envlink:overlay';
  export const detach = 'jupyter_envlink:detach';
  export const hide = 'jupyter_envlink:hide';
  export const kernelSettings = 'jupyter_envlink:kernel-settings';
  /** Why an environment, a folder or the whole machine is as it is. */
  export const explain = 'jupyter_envlink:explain';
  export const exportEnvironment = 'jupyter_envlink:export-environment';
  export const remove = 'jupyter_envlink:remove';
  /** Brings back what was removed. */
  export const restore = 'jupyter_envlink:restore';
  /** Deletes for good what was removed. */
  export const discard = 'jupyter_envlink:discard';
  export const dismissError = 'jupyter_envlink:dismiss-error';
  export const cancelJob = 'jupyter_envlink:cancel-job';
  export const retryJob = 'jupyter_envlink:retry-job';
  /** What can be done about a job that found no solution. */
  export const mendJob = 'jupyter_envlink:mend-job';
  /** What may go from the disk. */
  export const cleanUp = 'jupyter_envlink:clean-up';
  export const showLog = 'jupyter_envlink:show-log';
}

/** The id of the panel in the shell. */
export const PANEL_ID = 'jp-envlink-panel';
