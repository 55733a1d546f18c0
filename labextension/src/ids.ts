/** The commands of this extension. */
export namespace CommandIDs {
  export const openPanel = 'jupyter_envlink:open-panel';
  export const refresh = 'jupyter_envlink:refresh';
  export const createEnvironment = 'jupyter_envlink:create-environment';
  export const openNotebook = 'jupyter_envlink:open-notebook';
  /** Attaches; where there is no kernel, installs one first. */
  export const attach = 'jupyter_envlink:attach';
  export const detach = 'jupyter_envlink:detach';
  export const remove = 'jupyter_envlink:remove';
  export const dismissError = 'jupyter_envlink:dismiss-error';
  export const cancelJob = 'jupyter_envlink:cancel-job';
  export const retryJob = 'jupyter_envlink:retry-job';
  export const showLog = 'jupyter_envlink:show-log';
}

/** The id of the panel in the shell. */
export const PANEL_ID = 'jp-envlink-panel';
