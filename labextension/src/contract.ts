import type { components, paths } from './openapi';

type Schemas = components['schemas'];

/**
 * What the server's API speaks. `openapi.yaml` of the server is the contract: `jlpm contract` writes `openapi.ts` from
 * it, and here is what its types are called.
 */
export namespace Envlink {
  export type IErrorBody = Schemas['Error'];
  export type IProblem = Schemas['Problem'];

  export type IEnvironment = Schemas['Environment'];
  export type State = Schemas['State'];
  export type Action = Schemas['Action'];
  export type IRunningKernel = Schemas['RunningKernel'];
  export type IListing = Schemas['Listing'];
  export type IStale = Schemas['StaleFolder'];
  export type IUses = Schemas['Uses'];
  export type IExport = Schemas['Export'];
  export type IKernelSettings = Schemas['KernelChange'];
  /** How an environment gets a kernel. */
  export type How = NonNullable<Schemas['KernelRequest']['how']>;

  export type IEnvironmentDetail = Schemas['EnvironmentDetail'];
  export type IInstalledPackage = Schemas['InstalledPackage'];
  export type IRevision = Schemas['Revision'];
  export type IOfferedKernel = Schemas['OfferedKernel'];
  export type IShownVariable = Schemas['ShownVariable'];
  export type IWhy = Schemas['Why'];
  export type IStep = Schemas['Step'];
  export type IShare = Schemas['Share'];
  export type IRestShare = Schemas['RestShare'];
  export type IDiskUsage = Schemas['DiskUsage'];

  export type IFileRequest = Schemas['FileRequest'];
  export type IPlanRequest = Schemas['PlanRequest'];
  export type IUpdateRequest = Schemas['UpdateRequest'];
  export type IPlan = Schemas['Plan'];
  export type Format = Schemas['Format'];
  export type IDiagnostic = Schemas['Diagnostic'];
  export type IEdit = Schemas['Edit'];
  export type ICause = Schemas['Cause'];
  export type IRemedy = Schemas['Remedy'];
  export type ISolution = Schemas['Solution'];
  export type IChanges = Schemas['Changes'];
  export type IMove = Schemas['Move'];
  export type IPackage = Schemas['Package'];
  export type IPipStep = Schemas['PipStep'];
  export type IPipChange = Schemas['PipChange'];
  export type IVariableChange = Schemas['VariableChange'];
  export type ICheckedFile = Schemas['CheckedFile'];
  export type INearby = Schemas['Nearby'];
  export type INearbyFile = Schemas['NearbyFile'];

  /** A text that lies nowhere on the server; its format is told by its name, where it has one. */
  export type IText = Pick<IFetched, 'text' | 'filename'>;
  export type IFetched = Schemas['Fetched'];
  export type IComposeRequest = Schemas['ComposeRequest'];
  export type IPackages = Schemas['Packages'];
  export type IFoundPackage = Schemas['FoundPackage'];
  export type ISearchedChannel = Schemas['SearchedChannel'];
  export type IPackageVersions = Schemas['PackageVersions'];

  export type IJob = Schemas['Job'];
  export type Status = IJob['status'];
  export type Phase = Schemas['Phase'];
  export type IJobFile = Schemas['JobFile'];
  export type ILog = Schemas['Log'];
  export type ILogEntry = Schemas['LogEntry'];

  export type IGeneration = Schemas['Generation'];
  export type IRemoved = Schemas['Removed'];

  export type ICleanup = Schemas['Cleanup'];
  export type ICleanupStarted = Schemas['CleanupStarted'];
  export type ILeftover = Schemas['Leftover'];
  export type LeftoverKind = ILeftover['kind'];

  /** What to explain: one environment, a folder, or, where neither is named, all. */
  export type IQuestion = NonNullable<
    paths['/doctor']['get']['parameters']['query']
  >;
  export type IDiagnosis = Schemas['Diagnosis'];
  export type IReport = Schemas['Report'];
  export type ICheck = Schemas['Check'];
  export type IPlace = Schemas['Place'];

  export type IInfo = Schemas['Info'];
}
