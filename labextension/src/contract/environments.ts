import type { ISize } from './inside';

/** Why something is not ready: a stable code, a sentence, what to do. */
export interface IProblem {
  code: string;
  message: string;
  remedy: string;
}

/** An error as the server writes it. */
export interface IErrorBody extends IProblem {
  details: { [key: string]: unknown };
}

/** One kernel of an environment, under the name Jupyter has for it. */
export interface IKernel {
  name: string;
  display_name: string;
  language: string;
}

/** A kernel of this server that runs in an environment now. */
export interface IRunningKernel {
  id: string;
  name: string;
  /** The notebook it belongs to. */
  path: string | null;
}

/** A notebook that has used an environment. */
export interface INotebookUse {
  /** Its absolute path. */
  file: string;
  /** Its path for the contents API; `null` where it lies elsewhere. */
  path: string | null;
  used: string;
}

/** Who uses an environment. */
export interface IUses {
  environment_id: string;
  running: IRunningKernel[];
  /** The one used last first. */
  notebooks: INotebookUse[];
  last_used: string | null;
  /** When the record began; of what was before nothing is known. */
  since: string | null;
}

/** What can be done with an environment now. */
export type State =
  'ready' | 'no-kernel' | 'broken' | 'building' | 'incomplete';

/** What would help an environment that has no kernel; the server says which of them would. */
export type Action = 'install-kernel' | 'overlay';

/** A prefix on the server's disk. `null` means not known, never no. */
export interface IEnvironment {
  id: string;
  name: string;
  prefix: string;
  /** `conda`, `venv`, `uv`, …, or the word of a third party. */
  kind: string;
  state: State;
  problem: IProblem | null;
  registration_problem: IProblem | null;
  language: string | null;
  python_version: string | null;
  is_base: boolean;
  /** The server itself runs in it. */
  is_server: boolean;
  writable: boolean | null;
  /** It asks to be left as it is (CEP 22). */
  frozen: boolean;
  /** Its kernel runs from packages that are kept outside it. */
  overlay: boolean;
  /** What would help now. */
  actions: Action[];
  /** Not in the menu, but notebooks that name its kernel still start. */
  hidden: boolean;
  /** The person's own display name for its kernel. */
  title: string | null;
  /** The person's own variables for its kernel. */
  variables: { [name: string]: string };
  /** Its kernels are offered in the menu. */
  attached: boolean;
  registered: boolean;
  kernels: IKernel[];
  running: IRunningKernel[];
  /** When a kernel of it was busy last, as far as that is known. */
  last_used: string | null;
  /** The formats that it can be exported to, in the order to show them. */
  exports: string[];
  /** Why it cannot be removed here; `null` when it can. */
  not_removable: string | null;
  /** Why it cannot be updated, renamed or rolled back here; `null` when it can. */
  not_changeable: string | null;
  /** Bytes on the disk; `null` until it was measured as it is now. */
  size: ISize | null;
}

/** A folder that does not answer, or where looking failed; what was seen there last stays listed. */
export interface IStale {
  folder: string;
  /** Seconds since it answered; `null` where it never has. */
  age: number | null;
}

/** Every environment that was found. */
export interface IListing {
  environments: IEnvironment[];
  stale: IStale[];
}

/** How an environment gets a kernel: into it, or from packages kept outside it. */
export type How = 'install' | 'overlay';

/** What of a person's own is to change; what is not named stays. A variable that is `null` goes. */
export interface IKernelSettings {
  title?: string | null;
  hidden?: boolean;
  variables?: { [name: string]: string | null };
}

/** An environment as text that others build it from. */
export interface IExport {
  format: string;
  /** What the readers of the format look for. */
  filename: string;
  text: string;
}

/** What could solve and install conda packages. */
export interface IEngine {
  name: string;
  version: string | null;
  /** Its program, where it has one. */
  path: string | null;
  /** Why it cannot be used here. */
  problem: string | null;
}

/** What this server can do. */
export interface IInfo {
  version: string;
  python: string;
  /** What solves and installs conda packages. */
  engine: string;
  /** Those that could be chosen in the configuration. */
  engines: IEngine[];
  envs_dir: string | null;
  envs_dirs: string[];
  /** The server lists kernels through envlink. */
  kernel_spec_manager: boolean;
  /** The class that lists the kernels: envlink's, or one of the configuration. */
  manager: string;
  /** A further manager whose kernels envlink lists too. */
  inner_manager: { name: string; problem: IProblem | null } | null;
  registration: 'all' | 'attached' | 'none';
  /** Why no kernel can be registered on the disk at all. */
  registration_problem: IProblem | null;
  read_only: boolean;
  /** How many earlier states of an environment are kept when it is changed. */
  keep_generations: number;
  platform: string;
  /** For how long a removed environment can be brought back; 0 where it cannot. */
  undo_seconds: number;
}
