import type { Envlink } from './tokens';

import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';

/** Where the server's API lies, below its base URL. */
const NAMESPACE = 'envlink/api';

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
  /** `diagnostics` of an invalid file, `kernels` of an environment in use, … */
  readonly details: { [key: string]: unknown };
  /** The HTTP status; 0 where the server did not answer. */
  readonly status: number;

  /** What is wrong in the file, where the error is about one. */
  get diagnostics(): Envlink.IDiagnostic[] {
    const found = this.details['diagnostics'];
    return Array.isArray(found) ? found : [];
  }

  /** The kernels that run in the environment, where the error is about them. */
  get kernels(): Envlink.IRunningKernel[] {
    const found = this.details['kernels'];
    return Array.isArray(found) ? found : [];
  }
}

/**
 * Typed calls of the server's API. Each rejects with an `EnvlinkError` only.
 */
export class EnvlinkApi {
  constructor(
    settings: ServerConnection.ISettings,
    private _trans: TranslationBundle
  ) {
    this.serverSettings = settings;
  }

  readonly serverSettings: ServerConnection.ISettings;

  info(): Promise<Envlink.IInfo> {
    return this._call('GET', ['info']);
  }

  environments(disk = false): Promise<Envlink.IListing> {
    return this._call('GET', ['environments'], disk ? '?refresh=1' : '');
  }

  create(request: Envlink.IFileRequest): Promise<Envlink.IJob> {
    return this._call('POST', ['environments'], '', request);
  }

  /** With `signal` the server is told when nobody waits for the plan any more. */
  plan(
    request: Envlink.IFileRequest,
    signal?: AbortSignal
  ): Promise<Envlink.IPlan> {
    return this._call('POST', ['plan'], '', request, signal);
  }

  remove(id: string, force = false): Promise<Envlink.IJob> {
    return this._call('DELETE', ['environments', id], force ? '?force=1' : '');
  }

  /** The environment, now attached, or the job that gives it a kernel. */
  attach(
    id: string,
    how?: Envlink.How
  ): Promise<Envlink.IEnvironment | Envlink.IJob> {
    return this._call(
      'POST',
      ['environments', id, 'kernel'],
      '',
      how && { how }
    );
  }

  configure(
    id: string,
    settings: Envlink.IKernelSettings
  ): Promise<Envlink.IEnvironment> {
    return this._call('PATCH', ['environments', id, 'kernel'], '', settings);
  }

  export(id: string, format: string): Promise<Envlink.IExport> {
    const query = new URLSearchParams({ format }).toString();
    return this._call('GET', ['environments', id, 'export'], `?${query}`);
  }

  /** Write it into an archive in a folder below the server's root. */
  pack(id: string, folder: string): Promise<Envlink.IJob> {
    return this._call('POST', ['environments', id, 'pack'], '', { folder });
  }

  detach(id: string): Promise<Envlink.IEnvironment> {
    return this._call('DELETE', ['environments', id, 'kernel']);
  }

  doctor(question: Envlink.IQuestion): Promise<Envlink.IDiagnosis> {
    const query = new URLSearchParams({ ...question }).toString();
    return this._call('GET', ['doctor'], query && `?${query}`);
  }

  async jobs(): Promise<Envlink.IJob[]> {
    return (await this._call<{ jobs: Envlink.IJob[] }>('GET', ['jobs'])).jobs;
  }

  job(id: string): Promise<Envlink.IJob> {
    return this._call('GET', ['jobs', id]);
  }

  jobFile(id: string): Promise<Envlink.IJobFile> {
    return this._call('GET', ['jobs', id, 'file']);
  }

  cancel(id: string): Promise<Envlink.IJob> {
    return this._call('DELETE', ['jobs', id]);
  }

  retry(id: string): Promise<Envlink.IJob> {
    return this._call('POST', ['jobs', id, 'retry']);
  }

  log(id: string, offset: number): Promise<Envlink.ILog> {
    return this._call('GET', ['jobs', id, 'log'], `?offset=${offset}`);
  }

  private async _call<T>(
    method: string,
    route: string[],
    query = '',
    body?: object,
    signal?: AbortSignal
  ): Promise<T> {
    const url =
      URLExt.join(
        this.serverSettings.baseUrl,
        NAMESPACE,
        ...route.map(encodeURIComponent)
      ) + query;
    const init: RequestInit = { method, signal };
    if (body !== undefined) {
      init.body = JSON.stringify(body);
    }
    const response = await this._send(url, init);
    const text = await response.text();
    const data = parse(text);
    if (!response.ok || data === undefined) {
      throw this._error(response, data);
    }
    return data as T;
  }

  private async _send(url: string, init: RequestInit): Promise<Response> {
    try {
      return await ServerConnection.makeRequest(url, init, this.serverSettings);
    } catch (reason) {
      const trans = this._trans;
      throw new EnvlinkError({
        code: 'unreachable',
        message: trans.__('The Jupyter server does not answer.'),
        remedy: trans.__(
          'Check that it is running and that you are connected, then retry.'
        ),
        details: { reason: String(reason) }
      });
    }
  }

  private _error(response: Response, data: unknown): EnvlinkError {
    if (isErrorBody(data)) {
      return new EnvlinkError(
        { ...data, remedy: data.remedy ?? '', details: data.details ?? {} },
        response.status
      );
    }
    const trans = this._trans;
    // Routes of ours answer 404 with a body of ours: any other 404 means that there are none.
    if (response.status === 404) {
      return new EnvlinkError(
        {
          code: 'server-extension-missing',
          message: trans.__(
            'The server extension jupyter_envlink is not installed, or not enabled, on this server.'
          ),
          remedy: trans.__(
            'Run "pip install jupyter_envlink" where the server runs, then start the server again.'
          ),
          details: {}
        },
        404
      );
    }
    const said = (data as { message?: unknown } | undefined)?.message;
    return new EnvlinkError(
      {
        code: `http-${response.status}`,
        message: trans.__(
          'The server answered %1: %2',
          response.status,
          typeof said === 'string' && said ? said : response.statusText
        ),
        remedy:
          response.status === 401 || response.status === 403
            ? trans.__('Log in again, or ask whoever runs this server.')
            : trans.__('The log of the server says more.'),
        details: {}
      },
      response.status
    );
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

/** Whether an answer to `attach` is a job, not an environment. */
export function isJob(
  answer: Envlink.IEnvironment | Envlink.IJob
): answer is Envlink.IJob {
  return 'operation' in answer;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isErrorBody(data: unknown): data is Envlink.IErrorBody {
  const body = data as Partial<Envlink.IErrorBody> | null | undefined;
  return typeof body?.code === 'string' && typeof body?.message === 'string';
}
