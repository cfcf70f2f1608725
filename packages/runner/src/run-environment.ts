/**
 * With what a run was computed: what a store keeps of it beside the run. It holds no path of the machine and no value of a
 * setting or of an environment variable.
 */
export interface RunEnvironment {
  /** Version of this tool. */
  readonly tool: string;
  readonly node: string;
  /** Versions of the packages that can change an answer, by name. */
  readonly libraries: Readonly<Record<string, string>>;
  /** Null where the program lies in no git repository with a commit, or git is not there. */
  readonly repository: RepositoryState | null;
  readonly device: ComputeDevice;
  readonly arguments: RunArguments;
  /** SHA-256 of the text of the program and of what it imports, by path from the program's folder. */
  readonly sources: Readonly<Record<string, string>>;
}

export interface RepositoryState {
  readonly commit: string;
  /** Whether a file that git knows was changed, or the program is none that git knows; null where git did not say. */
  readonly dirty: boolean | null;
}

export interface ComputeDevice {
  /** What backbones run on: `cpu`, `cuda`, `webgpu`; all else runs on the CPU. */
  readonly provider: string;
  /** Cores that the run could use. */
  readonly cores: number;
  /** The processor's name; null where the system does not tell. */
  readonly cpu: string | null;
  /** e.g. `linux`. */
  readonly os: string;
  /** e.g. `x64`. */
  readonly architecture: string;
}

/** Of the command line, what can change what a run does. */
export interface RunArguments {
  /** Names that `--set` gave a value, in order. */
  readonly set: readonly string[];
  readonly jobs: number;
  readonly rehash: boolean;
}

/** What a store has of a run that may have ended. */
interface NotedRun {
  readonly environment: string;
  readonly end: { readonly summary: string } | null;
}

/** What a store has of a run's environment: runs of earlier versions noted less. Where it computed is known once it has begun to. */
export function environmentOf({ environment: text, end }: NotedRun): Partial<RunEnvironment> {
  const environment = JSON.parse(text) as Partial<RunEnvironment>;
  const { device: chosen } = JSON.parse(end?.summary ?? "{}") as { readonly device?: string };
  if (environment.device === undefined || chosen === undefined) return environment;
  return { ...environment, device: { ...environment.device, provider: chosen } };
}
