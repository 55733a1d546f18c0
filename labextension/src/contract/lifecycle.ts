import type { IChanges, IFileRequest } from './files';
import type { Operation } from './jobs';

/** An update of an environment from a file. */
export interface IUpdateRequest extends Omit<IFileRequest, 'name' | 'solve'> {
  /** What the file does not need goes. */
  prune: boolean;
}

/** An environment as it was before something changed it. */
export interface IGeneration {
  number: number;
  /** When it was replaced. */
  created: string;
  /** By which job; its record may be gone. */
  job: string;
  operation: Operation;
  /** What going back to it would change now; conda's packages only. */
  changes: IChanges;
}

/** An environment that was removed, and can be brought back for a while. */
export interface IRemoved {
  /** The job that has removed it. */
  job: string;
  environment_id: string;
  name: string;
  prefix: string;
  removed: string;
  /** When it is deleted for good. */
  until: string;
}
