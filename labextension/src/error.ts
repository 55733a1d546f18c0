import type { Envlink } from './contract';

/**
 * An error meant for people: what happened and where, and what to do about it.
 */
export class EnvlinkError extends Error {
  constructor(body: Envlink.IErrorBody, status = 0) {
    super(body.message);
    this.name = 'EnvlinkError';
    this.code = body.code;
    this.remedy = body.remedy;
    this.details = body.details;
    this.status = status;
  }

  /** Stable, for programs. */
  readonly code: string;
  /** What to do about it; may be empty. */
  readonly remedy: string;
  /** What else it says; of some kinds of errors there is more. */
  readonly details: Envlink.IErrorBody['details'];
  /** The HTTP status; 0 where the server did not answer. */
  readonly status: number;

  /** What is wrong in the file, where the error is about one. */
  get diagnostics(): Envlink.IDiagnostic[] {
    return this.details.diagnostics ?? [];
  }

  /** The kernels that run in the environment, where the error is about them. */
  get kernels(): Envlink.IRunningKernel[] {
    return this.details.kernels ?? [];
  }
}

/** Whatever was thrown, as an error that can be shown. */
export function asEnvlinkError(reason: unknown): EnvlinkError {
  if (reason instanceof EnvlinkError) {
    return reason;
  }
  const message = reason instanceof Error ? reason.message : String(reason);
  return new EnvlinkError({ code: 'error', message, remedy: '', details: {} });
}
