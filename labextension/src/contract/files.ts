import type { IErrorBody } from './environments';

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

/** A file by its path in the contents API, or a text, with the name wanted for it. */
export interface IFileRequest {
  path?: string;
  /** The text as it was changed here; the path says where it lies. */
  text?: string;
  name?: string;
  solve?: boolean;
}

/** A file, and the environment that it is to update; without one, it is to create one. */
export interface IPlanRequest extends Partial<IFileRequest> {
  environment?: string;
  prune?: boolean;
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
  /** What pip has installed and the environment's Python will not see any more, as its minor version changes. */
  pip_stranded: IPipPackage[];
}

/** What uv would do with a package of a virtual environment. */
export interface IPipStep {
  name: string;
  /** `null` where it has to be built for that. */
  version: string | null;
  action: 'installed' | 'uninstalled';
}

/** A package that pip has installed. */
export interface IPipPackage {
  name: string;
  version: string;
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
  /** Of an update of a virtual environment: what uv says that it would do; `null` where that is not known. */
  pip_steps: IPipStep[] | null;
  /** Of an update with `prune`: what pip has installed and the file does not need. */
  pip_removed: IPipPackage[] | null;
  variables: { [name: string]: string };
  /** Of an update. */
  variable_changes: IVariableChange[] | null;
  added: { spec: string; reason: string }[];
  notes: string[];
  diagnostics: IDiagnostic[];
  solution: ISolution | null;
  conflict: IErrorBody | null;
}

/** An environment file near what a person has open. */
export interface INearbyFile {
  path: string;
  name: string;
  format: Format;
  /** How many mistakes stand against making anything of it. */
  errors: number;
  /** Of the environment that was made of it, that lies in its folder, or that it names. */
  environment_id: string | null;
  environment: string | null;
  /** How much of what it asks for that environment has not; `null` where that is not known. */
  changes: number | null;
  /** Why that environment cannot be updated from it. */
  obstacle: string | null;
}

/** Those of a folder and of the folders above it, the nearest first. */
export interface INearby {
  folder: string;
  files: INearbyFile[];
  /** False where there are more than are listed. */
  is_whole: boolean;
}
