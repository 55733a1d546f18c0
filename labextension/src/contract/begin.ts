import type { IErrorBody } from './environments';

/** A text that lies nowhere on the server, and what it is called. */
export interface IText {
  text: string;
  /** Its format is told by it; `null` where it has no name. */
  filename: string | null;
}

/** The file at an address. */
export interface IFetched extends IText {
  /** Where it was found in the end. */
  url: string;
}

/** What a file is to list. */
export interface IComposeRequest {
  name?: string;
  channels?: string[];
  packages: string[];
}

/** A channel that was searched. */
export interface ISearchedChannel {
  url: string;
  /** As a file names it; `null` where only its address does. */
  name: string | null;
  /** Seconds since it has answered, where what is kept of it is used. */
  age: number | null;
  /** Why it could not be asked. */
  problem: IErrorBody | null;
}

/** A package of a channel. */
export interface IFoundPackage {
  name: string;
  /** The newest one; `null` where that is not known now. */
  version: string | null;
  summary: string | null;
  channel: string;
}

/** Packages whose names hold what was asked for. */
export interface IPackages {
  packages: IFoundPackage[];
  /** How many there are in all. */
  total: number;
  channels: ISearchedChannel[];
}

/** The versions of a package. */
export interface IPackageVersions {
  name: string;
  /** The newest first. */
  versions: string[];
  summary: string | null;
  channel: string;
  channels: ISearchedChannel[];
}
