import type { Action, IProblem, State } from './environments';

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
