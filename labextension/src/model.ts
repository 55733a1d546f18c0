import { isJob } from './api';
import { Known } from './known';
import type { Envlink, IEnvlinkModel } from './tokens';

/**
 * What the page knows, and what can be done with it.
 */
export class EnvlinkModel extends Known implements IEnvlinkModel {
  plan(
    request: Envlink.IPlanRequest,
    signal?: AbortSignal
  ): Promise<Envlink.IPlan> {
    return this.api.plan(request, signal);
  }

  fetch(url: string, signal?: AbortSignal): Promise<Envlink.IFetched> {
    return this.api.fetch(url, signal);
  }

  compose(request: Envlink.IComposeRequest): Promise<Envlink.IText> {
    return this.api.compose(request);
  }

  packages(
    query: string,
    channels: readonly string[],
    signal?: AbortSignal
  ): Promise<Envlink.IPackages> {
    return this.api.packages(query, channels, signal);
  }

  package(
    name: string,
    channels: readonly string[]
  ): Promise<Envlink.IPackageVersions> {
    return this.api.package(name, channels);
  }

  check(request: Envlink.IPlanRequest): Promise<Envlink.IDiagnostic[]> {
    return this.api.check(request);
  }

  async create(request: Envlink.IFileRequest): Promise<Envlink.IJob> {
    return this.started(await this.api.create(request), request.path);
  }

  async update(
    id: string,
    request: Envlink.IUpdateRequest
  ): Promise<Envlink.IJob> {
    this.dismissError(id);
    return this.started(await this.api.update(id, request), request.path);
  }

  async rename(id: string, name: string, force = false): Promise<Envlink.IJob> {
    this.dismissError(id);
    return this.started(await this.api.rename(id, name, force));
  }

  async clone(id: string, name: string): Promise<Envlink.IJob> {
    return this.started(await this.api.clone(id, name));
  }

  detail(id: string): Promise<Envlink.IEnvironmentDetail> {
    return this.api.environment(id);
  }

  why(id: string, name: string): Promise<Envlink.IWhy> {
    return this.api.why(id, name);
  }

  disk(
    id: string,
    refresh = false,
    signal?: AbortSignal
  ): Promise<Envlink.IDiskUsage> {
    return this.api.disk(id, refresh, signal);
  }

  async terminal(id: string, cwd: string): Promise<string> {
    return (await this.api.terminal(id, cwd)).name;
  }

  generations(id: string): Promise<Envlink.IGeneration[]> {
    return this.api.generations(id);
  }

  cleanup(days: number, signal?: AbortSignal): Promise<Envlink.ICleanup> {
    return this.api.cleanup(days, signal);
  }

  async cleanUp(ids: string[], days: number): Promise<Envlink.ICleanupStarted> {
    const begun = await this.api.cleanUp(ids, days);
    if (begun.job) {
      this.started(begun.job);
    }
    await this.removedList.refresh();
    return begun;
  }

  uses(id: string): Promise<Envlink.IUses> {
    return this.api.uses(id);
  }

  rollBack(id: string, generation: number): Promise<void> {
    return this.attempts.make(id, async () => {
      this.started(await this.api.rollBack(id, generation));
    });
  }

  async remove(id: string, force = false): Promise<Envlink.IJob> {
    this.dismissError(id);
    return this.started(await this.api.remove(id, force));
  }

  restore(jobId: string): Promise<void> {
    return this._onRemoved(jobId, async () => {
      this.started(await this.api.restore(jobId));
    });
  }

  discard(jobId: string): Promise<void> {
    return this._onRemoved(jobId, () => this.api.discard(jobId));
  }

  attach(id: string, how?: Envlink.How): Promise<void> {
    return this.attempts.make(id, async () => {
      const answer = await this.api.attach(id, how);
      if (isJob(answer)) {
        this.started(answer);
      } else {
        await this._replaced(answer);
      }
    });
  }

  detach(id: string): Promise<void> {
    return this.attempts.make(id, async () =>
      this._replaced(await this.api.detach(id))
    );
  }

  hide(id: string, hidden: boolean): Promise<void> {
    return this.attempts.make(id, () => this.configure(id, { hidden }));
  }

  async configure(
    id: string,
    settings: Envlink.IKernelSettings
  ): Promise<void> {
    await this._replaced(await this.api.configure(id, settings));
  }

  doctor(question: Envlink.IQuestion): Promise<Envlink.IDiagnosis> {
    return this.api.doctor(question);
  }

  files(path: string): Promise<Envlink.INearby> {
    return this.api.files(path);
  }

  export(id: string, format: string): Promise<Envlink.IExport> {
    return this.api.export(id, format);
  }

  async pack(id: string, folder: string): Promise<Envlink.IJob> {
    return this.started(await this.api.pack(id, folder));
  }

  cancel(jobId: string): Promise<void> {
    return this.attempts.make(jobId, async () =>
      this.jobList.set(await this.api.cancel(jobId))
    );
  }

  jobFile(jobId: string): Promise<Envlink.IJobFile> {
    return this.api.jobFile(jobId);
  }

  retry(jobId: string): Promise<void> {
    return this.attempts.make(jobId, async () => {
      this.started(await this.api.retry(jobId), this.source(jobId));
    });
  }

  private async _replaced(environment: Envlink.IEnvironment): Promise<void> {
    this.environmentList.replace(environment);
    await this.kernels.refresh();
  }

  /** Do something with what was removed; afterwards it is there no more, or was not there any more. */
  private async _onRemoved(
    jobId: string,
    attempt: () => Promise<void>
  ): Promise<void> {
    await this.attempts.make(jobId, attempt);
    await this.removedList.refresh();
  }
}
