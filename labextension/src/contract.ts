/**
 * What the server's API speaks; `openapi.yaml` of the server is the contract.
 */
export namespace Envlink {
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
    /** The formats that it can be exported to, in the order to show them. */
    exports: string[];
    /** Why it cannot be removed here; `null` when it can. */
    not_removable: string | null;
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

  /** What to explain: one environment, a folder, or, where neither is named, all. */
  export interface IQuestion {
    environment?: string;
    path?: string;
  }

  /** Something that was looked at. `ok` is `null` for what is neither right nor wrong, or not known. */
  export interface ICheck {
    code: string;
    ok: boolean | null;
    text: string;
    /** What to do about it; may be empty. */
    remedy: string;
  }

  /** Why an environment is as it is, or why a folder is none: that has no `id`. */
  export interface IReport {
    id: string | null;
    name: string;
    prefix: string;
    kind: string | null;
    state: State | null;
    problem: IProblem | null;
    actions: Action[];
    checks: ICheck[];
    /** It is listed, and nothing is wrong with it. */
    ok: boolean;
  }

  /** A folder that is looked into for environments, and which setting says so. */
  export interface IPlace {
    path: string;
    source: string;
    exists: boolean;
    readable: boolean;
    /** How many were found there. */
    environments: number;
  }

  /** What the server says to a question. */
  export interface IDiagnosis {
    environments: IReport[];
    places: IPlace[];
    /** What concerns all environments. */
    checks: ICheck[];
    ok: boolean;
  }

  /** A package of a solution. */
  export interface IPackage {
    name: string;
    version: string;
    build: string;
    channel: string | null;
    size: number | null;
  }

  /** Something to say about a place in a file; lines and columns count from 1. */
  export interface IDiagnostic {
    code: string;
    severity: 'error' | 'warning' | 'info';
    line: number | null;
    column: number | null;
    end_line: number | null;
    end_column: number | null;
    message: string;
    hint: string | null;
    /** What rids the file of it. */
    fix: IEdit | null;
  }

  /** A text in place of a range; columns count code points, from 1, and the end is not part of it. */
  export interface IEdit {
    line: number;
    column: number;
    end_line: number;
    end_column: number;
    text: string;
  }

  /** A line that a conflict is about; without a place it is what the server adds itself. */
  export interface ICause {
    spec: string;
    line: number | null;
    column: number | null;
    end_line: number | null;
    end_column: number | null;
    message: string;
  }

  /** A way to change a file so that it can be solved. */
  export interface IRemedy {
    code: string;
    title: string;
    explanation: string;
    /** The whole changed file. */
    text: string;
    diff: string;
    /** `null` where it was not tried. */
    solves: boolean | null;
  }

  /** The file that a job makes an environment of. */
  export interface IJobFile {
    path: string | null;
    text: string;
  }

  /** A file by its path in the contents API, with the name wanted for it. */
  export interface IFileRequest {
    path: string;
    /** The text as it was changed here; the path says where it lies. */
    text?: string;
    name?: string;
    solve?: boolean;
  }

  /** One package that is replaced by another of its name. */
  export interface IMove {
    from: IPackage;
    to: IPackage;
  }

  /** What changes in an environment, each part sorted by name. */
  export interface IChanges {
    install: IPackage[];
    upgrade: IMove[];
    downgrade: IMove[];
    /** The same version, another build or another channel. */
    rebuild: IMove[];
    remove: IPackage[];
    /** How many packages stay as they are. */
    unchanged: number;
  }

  /** The packages of an environment, and what it takes to get there. */
  export interface ISolution {
    packages: IPackage[];
    /** Of the packages that come and are not in the package cache. */
    download_bytes: number;
    /** Of the packages that come. */
    disk_bytes: number;
    /** False where `disk_bytes` is an estimate. */
    disk_exact: boolean;
    changes: IChanges;
  }

  /** One item of a file's `pip:`, as far as it can be told without asking an index. */
  export interface IPipChange {
    item: string;
    name: string | null;
    /** The version that is there, whoever has installed it. */
    installed: string | null;
    change: 'install' | 'change' | 'keep' | 'skip' | 'unknown';
  }

  /** A variable that an environment does not have, or not so. */
  export interface IVariableChange {
    name: string;
    from: string | null;
    to: string;
  }

  /** The kinds of files that environments are made from. */
  export type Format =
    | 'environment-yml'
    | 'explicit'
    | 'conda-lock'
    | 'pixi-lock'
    | 'requirements'
    | 'pyproject'
    | 'pylock'
    | 'conda-pack';

  /** What creating or updating an environment from a file would do. */
  export interface IPlan {
    operation: 'create' | 'update';
    /** Which environment would be updated. */
    environment_id: string | null;
    format: Format;
    /** What was read: the places of the diagnostics are in it. `null` where the file holds no text. */
    text: string | null;
    name: string;
    prefix: string | null;
    name_problem: IErrorBody | null;
    channels: string[];
    conda: string[];
    pip: string[];
    /** Of an update. */
    pip_changes: IPipChange[] | null;
    variables: { [name: string]: string };
    /** Of an update. */
    variable_changes: IVariableChange[] | null;
    added: { spec: string; reason: string }[];
    notes: string[];
    diagnostics: IDiagnostic[];
    solution: ISolution | null;
    conflict: IErrorBody | null;
  }

  /** What a job does. */
  export type Operation =
    'create' | 'remove' | 'install-kernel' | 'overlay' | 'pack';

  /** How far a job is. */
  export type Status =
    | 'queued'
    | 'running'
    | 'cancelling'
    | 'succeeded'
    | 'failed'
    | 'cancelled'
    | 'interrupted';

  /** What a job is doing now. */
  export type Phase =
    | 'solving'
    | 'downloading'
    | 'installing'
    | 'pip'
    | 'verifying'
    | 'moving'
    | 'removing'
    | 'reading'
    | 'packing';

  /** One operation's durable record. */
  export interface IJob {
    id: string;
    operation: Operation;
    status: Status;
    name: string;
    prefix: string;
    environment_id: string;
    phase: Phase | null;
    /** Of the whole job, 0 to 100. */
    percent: number | null;
    message: string;
    created: string;
    started: string | null;
    finished: string | null;
    error: IErrorBody | null;
    result: {
      environment_id: string;
      prefix: string;
      name: string;
      /** The archive that was written. */
      path?: string;
      bytes?: number;
    } | null;
  }

  /** One thing a job has said. */
  export interface ILogEntry {
    time: string;
    kind: 'phase' | 'progress' | 'line' | 'error';
    text: string;
    phase?: Phase | null;
    percent?: number | null;
  }

  /** What a job has said since a byte offset. */
  export interface ILog {
    entries: ILogEntry[];
    next_offset: number;
    finished: boolean;
  }

  /** What this server can do. */
  export interface IInfo {
    version: string;
    python: string;
    engine: string;
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
    platform: string;
  }

  /** A job's change, as `IEnvlinkModel.jobChanged` tells it. */
  export interface IJobChange {
    job: IJob;
    /** The status before, `null` for a job that this page had not seen. */
    before: Status | null;
  }
}
