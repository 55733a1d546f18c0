import type { IEnvironment, IKernel } from './environments';

/** Bytes of an environment on the disk. */
export interface ISize {
  total: number;
  /** What no hard link shares with anything outside it. */
  unique: number;
}

/** What one package says that it needs. */
export interface INeed {
  /** Of the package that is there for it, else as it is asked for. */
  name: string;
  spec: string;
  installed: boolean;
}

/** `pip` is whichever of Python's installers. */
export type Manager = 'conda' | 'pip';

/** A package that is there. */
export interface IInstalledPackage {
  name: string;
  version: string;
  build: string;
  channel: string | null;
  /** Bytes of its archive. */
  size: number | null;
  subdir: string | null;
  manager: Manager;
  /** What somebody has asked for by its name; `null` for what came along. */
  requested: string | null;
  /** Bytes of its files, as its own records say. */
  disk: number | null;
  needs: INeed[];
}

/** One entry of conda's history. */
export interface IRevision {
  number: number;
  date: string | null;
  command: string | null;
  /** `NAME-VERSION-BUILD`. */
  added: string[];
  removed: string[];
}

/** A kernel as Jupyter is offered it. */
export interface IOfferedKernel extends IKernel {
  argv: string[];
  /** Further names that notebooks find it by. */
  aliases: string[];
  registered: boolean;
}

/** A variable of the activated environment. */
export interface IShownVariable {
  name: string;
  /** `null` where it looks like a secret. */
  value: string | null;
  source: 'state' | 'package' | 'kernel' | 'activation';
}

/** An environment with all that it holds. */
export interface IEnvironmentDetail extends IEnvironment {
  packages: IInstalledPackage[];
  /** Files that could not be read. */
  unreadable: string[];
  revisions: IRevision[];
  kernel_specs: IOfferedKernel[];
  activated: IShownVariable[];
}

/** One package of a chain. */
export interface IStep {
  name: string;
  /** `null` where it is not installed. */
  version: string | null;
  /** How the one before it needs it; of the first, what was asked for. */
  spec: string | null;
}

/** Why a package is there. */
export interface IWhy {
  name: string;
  version: string;
  manager: Manager;
  requested: string | null;
  /** Nobody has asked for it, and nothing needs it. */
  orphan: boolean;
  /** From what was asked for down to it, the short ones first. */
  chains: IStep[][];
  left_out: number;
  needed_by: IStep[];
  needs: IStep[];
}

/** Bytes by where else they are. */
export interface IShare {
  total: number;
  unique: number;
  cache: number;
  generations: number;
  elsewhere: number;
}

/** What one package takes. */
export interface IPackageShare extends IShare {
  name: string;
  version: string;
  manager: Manager;
}

/** What belongs to no package. */
export interface IRestShare extends IShare {
  kind: 'bytecode' | 'records' | 'folders' | 'other';
}

/** Where an environment's disk goes. */
export interface IDiskUsage extends IShare {
  measured: string;
  packages: IPackageShare[];
  rest: IRestShare[];
  /** Kept generations, each with what nothing but it needs. */
  kept: { number: number; created: string; bytes: number }[];
  /** Whether hard links are the only way in which files can share here. */
  exact: boolean;
  unreadable: string[];
}
