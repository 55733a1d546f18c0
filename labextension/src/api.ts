import { Connection } from './connection';
import type { Envlink } from './contract';

import type { ServerConnection } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';

/**
 * Typed calls of the server's API. Each rejects with an `EnvlinkError` only.
 */
export class EnvlinkApi {
  constructor(settings: ServerConnection.ISettings, trans: TranslationBundle) {
    this._server = new Connection(settings, trans);
  }

  info(): Promise<Envlink.IInfo> {
    return this._server.call('GET', ['info']);
  }

  environments(disk = false): Promise<Envlink.IListing> {
    return this._server.call('GET', ['environments'], disk ? '?refresh=1' : '');
  }

  create(request: Envlink.IFileRequest): Promise<Envlink.IJob> {
    return this._server.call('POST', ['environments'], '', request);
  }

  /** With `signal` the server is told when nobody waits for the plan any more. */
  plan(
    request: Envlink.IPlanRequest,
    signal?: AbortSignal
  ): Promise<Envlink.IPlan> {
    return this._server.call('POST', ['plan'], '', request, signal);
  }

  /** What is wrong in a file. */
  async check(request: Envlink.IPlanRequest): Promise<Envlink.IDiagnostic[]> {
    const { files } = await this._server.call<{
      files: Envlink.ICheckedFile[];
    }>('POST', ['check'], '', request);
    return files.flatMap(each => each.diagnostics);
  }

  /** The environment file at an address. */
  fetch(url: string, signal?: AbortSignal): Promise<Envlink.IFetched> {
    return this._server.call('POST', ['fetch'], '', { url }, signal);
  }

  /** A file that lists packages. */
  compose(request: Envlink.IComposeRequest): Promise<Envlink.IText> {
    return this._server.call('POST', ['compose'], '', request);
  }

  /** Packages whose names hold a text. */
  packages(
    query: string,
    channels: readonly string[],
    signal?: AbortSignal
  ): Promise<Envlink.IPackages> {
    const asked = searchOf(channels);
    asked.set('query', query);
    return this._server.call(
      'GET',
      ['packages'],
      `?${asked}`,
      undefined,
      signal
    );
  }

  /** The versions of one package. */
  package(
    name: string,
    channels: readonly string[]
  ): Promise<Envlink.IPackageVersions> {
    return this._server.call(
      'GET',
      ['packages', name],
      `?${searchOf(channels)}`
    );
  }

  update(id: string, request: Envlink.IUpdateRequest): Promise<Envlink.IJob> {
    return this._server.call('PATCH', ['environments', id], '', request);
  }

  rename(id: string, name: string, force = false): Promise<Envlink.IJob> {
    const query = force ? '?force=1' : '';
    return this._server.call('PATCH', ['environments', id], query, { name });
  }

  clone(id: string, name: string): Promise<Envlink.IJob> {
    return this._server.call('POST', ['environments', id, 'clone'], '', {
      name
    });
  }

  environment(id: string): Promise<Envlink.IEnvironmentDetail> {
    return this._server.call('GET', ['environments', id]);
  }

  why(id: string, name: string): Promise<Envlink.IWhy> {
    const query = new URLSearchParams({ package: name }).toString();
    return this._server.call('GET', ['environments', id, 'why'], `?${query}`);
  }

  /** With `signal` the server is told when nobody waits for it any more. */
  disk(
    id: string,
    refresh = false,
    signal?: AbortSignal
  ): Promise<Envlink.IDiskUsage> {
    const query = refresh ? '?refresh=1' : '';
    const route = ['environments', id, 'disk'];
    return this._server.call('GET', route, query, undefined, signal);
  }

  /** Start a terminal in which it is activated. */
  terminal(id: string, cwd: string): Promise<{ name: string }> {
    return this._server.call('POST', ['environments', id, 'terminal'], '', {
      cwd
    });
  }

  async generations(id: string): Promise<Envlink.IGeneration[]> {
    const route = ['environments', id, 'generations'];
    return (
      await this._server.call<{ generations: Envlink.IGeneration[] }>(
        'GET',
        route
      )
    ).generations;
  }

  uses(id: string): Promise<Envlink.IUses> {
    return this._server.call('GET', ['environments', id, 'uses']);
  }

  rollBack(id: string, generation: number): Promise<Envlink.IJob> {
    return this._server.call('POST', ['environments', id, 'rollback'], '', {
      generation
    });
  }

  /** With `signal` the server is told when nobody waits any more. */
  cleanup(days: number, signal?: AbortSignal): Promise<Envlink.ICleanup> {
    const query = `?days=${days}`;
    return this._server.call('GET', ['cleanup'], query, undefined, signal);
  }

  cleanUp(ids: string[], days: number): Promise<Envlink.ICleanupStarted> {
    return this._server.call('POST', ['cleanup'], '', { ids, days });
  }

  async removed(): Promise<Envlink.IRemoved[]> {
    return (
      await this._server.call<{ removed: Envlink.IRemoved[] }>('GET', [
        'removed'
      ])
    ).removed;
  }

  /** Bring back what a job has removed. */
  restore(job: string): Promise<Envlink.IJob> {
    return this._server.call('POST', ['removed', job]);
  }

  /** Delete now what a job has removed. */
  discard(job: string): Promise<void> {
    return this._server.call('DELETE', ['removed', job]);
  }

  remove(id: string, force = false): Promise<Envlink.IJob> {
    return this._server.call(
      'DELETE',
      ['environments', id],
      force ? '?force=1' : ''
    );
  }

  /** The environment, now attached, or the job that gives it a kernel. */
  attach(
    id: string,
    how?: Envlink.How
  ): Promise<Envlink.IEnvironment | Envlink.IJob> {
    return this._server.call(
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
    return this._server.call(
      'PATCH',
      ['environments', id, 'kernel'],
      '',
      settings
    );
  }

  export(id: string, format: string): Promise<Envlink.IExport> {
    const query = new URLSearchParams({ format }).toString();
    return this._server.call(
      'GET',
      ['environments', id, 'export'],
      `?${query}`
    );
  }

  /** Write it into an archive in a folder below the server's root. */
  pack(id: string, folder: string): Promise<Envlink.IJob> {
    return this._server.call('POST', ['environments', id, 'pack'], '', {
      folder
    });
  }

  detach(id: string): Promise<Envlink.IEnvironment> {
    return this._server.call('DELETE', ['environments', id, 'kernel']);
  }

  doctor(question: Envlink.IQuestion): Promise<Envlink.IDiagnosis> {
    const query = new URLSearchParams({ ...question }).toString();
    return this._server.call('GET', ['doctor'], query && `?${query}`);
  }

  /** The environment files near a document, or in and above a folder. */
  files(path: string): Promise<Envlink.INearby> {
    const query = new URLSearchParams({ path }).toString();
    return this._server.call('GET', ['files'], `?${query}`);
  }

  async jobs(): Promise<Envlink.IJob[]> {
    return (await this._server.call<{ jobs: Envlink.IJob[] }>('GET', ['jobs']))
      .jobs;
  }

  job(id: string): Promise<Envlink.IJob> {
    return this._server.call('GET', ['jobs', id]);
  }

  jobFile(id: string): Promise<Envlink.IJobFile> {
    return this._server.call('GET', ['jobs', id, 'file']);
  }

  cancel(id: string): Promise<Envlink.IJob> {
    return this._server.call('DELETE', ['jobs', id]);
  }

  retry(id: string): Promise<Envlink.IJob> {
    return this._server.call('POST', ['jobs', id, 'retry']);
  }

  log(id: string, offset: number): Promise<Envlink.ILog> {
    return this._server.call('GET', ['jobs', id, 'log'], `?offset=${offset}`);
  }

  private _server: Connection;
}

/** The channels of a search, in their order. */
function searchOf(channels: readonly string[]): URLSearchParams {
  return new URLSearchParams(channels.map(each => ['channel', each]));
}

/** Whether an answer to `attach` is a job, not an environment. */
export function isJob(
  answer: Envlink.IEnvironment | Envlink.IJob
): answer is Envlink.IJob {
  return 'operation' in answer;
}
