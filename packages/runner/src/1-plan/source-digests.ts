import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { OpError, type Op, type SourceFile } from "@exp-lab/ops";
import { statAll } from "./stat-files.ts";
import { toFileStat, type WatchedFile } from "./watched-file.ts";
import type { Task } from "@exp-lab/dsl";
import { rollUpDigests, type Digest } from "../hash/digests.ts";
import type { FileStat, Store } from "../store/store.ts";
import { isPath } from "./param-values.ts";
import {
  namesWeights,
  rememberWeights,
  weightFiles,
  type RememberedWeights,
  type WeightFiles,
} from "./weight-files.ts";

/** One file, or many rolled into one digest over their sorted names and digests. */
export type FileEntry = Digest | { readonly count: number; readonly bytes: number; readonly digest: Digest };

/** The files that one task reads, by digest. */
export interface SourceDigests {
  /** For the manifest. */
  readonly entries: Readonly<Record<string, FileEntry>>;
  /** For the op: the digest of the file that a parameter names, by parameter name. */
  readonly byParam: Readonly<Record<string, Digest>>;
  /** The same of the files that the op found itself, by name; absent where there are none. */
  readonly bySource?: ReadonlyMap<string, Digest>;
  /**
   * What was hashed, as it was then: an answer is kept only if it still is so once the op has read it. First the files of
   * `byParam` in its order (but for remembered ones, which come last there), then those that the op found.
   */
  readonly files: readonly WatchedFile[];
  /** Weights that have left this machine: the entries hold the digests that they had. Whatever reads their bytes needs them anew. */
  readonly remembered: readonly RememberedWeights[];
  /** Files that were not hashed, since that would have gone over the budget; the entries are then incomplete. */
  readonly unhashed: { readonly files: number; readonly bytes: number };
}

/** Reads files and gives their SHA-256, in order; off the coordinator's thread. @throws OpError `file-unreadable` */
export type HashFiles = (
  paths: readonly string[],
  hooks: { readonly onProgress: (bytes: number) => void; readonly signal?: AbortSignal },
) => Promise<readonly Digest[]>;

export interface SourceDigestOptions {
  readonly store: Store;
  readonly hashFiles: HashFiles;
  /** Bytes that may be hashed in all; what is over it is reported, never guessed. Shared by a plan's tasks. */
  readonly budget: { bytes: number };
  /** True: trust no remembered digest. */
  readonly rehash: boolean;
  readonly onProgress: (bytes: number, totalBytes: number) => void;
  readonly signal?: AbortSignal;
}

/** @throws OpError where a file that the program names is missing or unreadable */
export async function digestSources(task: Task, op: Op, options: SourceDigestOptions): Promise<SourceDigests> {
  const weights = namesWeights(task) ? await findWeightFiles(task, options) : noWeights;
  if (weights.absent > 0) return unhashed(weights.absent, 0);
  const found = [...weights.files.filter(({ param }) => param === null), ...(await foundFiles(task, op))];
  const files = [...namedFiles(task, op), ...weights.files.filter(({ param }) => param !== null), ...found];
  if (files.length === 0 && weights.remembered.length === 0) return noSources;
  const stats = await statAll(files, task);
  const digests = files.map((_, index) => recall(stats[index]!, options));

  const missing = digests.flatMap((digest, index) => (digest === null ? [index] : []));
  const bytes = missing.reduce((sum, index) => sum + Number(stats[index]?.size ?? 0n), 0);
  if (bytes > options.budget.bytes) return unhashed(missing.length, bytes);
  options.budget.bytes -= bytes;

  await hashMissing({ files, stats, digests, missing, bytes, options });
  files.forEach((file, index) => {
    requireExpected(file, digests[index]!);
  });
  const hashed = files.map((file, index) => ({ ...file, stat: stats[index]!, digest: digests[index]! }));
  rememberWeights(hashed, options.store);
  return summarise(hashed, weights.remembered);
}

const noWeights: WeightFiles = { files: [], remembered: [], absent: 0 };

/** Of the many tasks that read none. */
const noSources: SourceDigests = unhashed(0, 0);

function unhashed(files: number, bytes: number): SourceDigests {
  return { entries: {}, byParam: {}, files: [], remembered: [], unhashed: { files, bytes } };
}

function findWeightFiles(task: Task, options: SourceDigestOptions): Promise<WeightFiles> {
  return weightFiles(task, {
    digestOf: (path) => digestOne(path, options),
    recall: (source) => (options.rehash ? null : options.store.findWeightSource(source)),
  });
}

/** A file that has been read, or was as it is now when it was read. */
export interface HashedFile extends TaskFile {
  readonly stat: FileStat;
  readonly digest: Digest;
}

export interface TaskFile extends SourceFile {
  /** The parameter that names the file; null for a file that the op found itself. */
  readonly param: string | null;
  /** The SHA-256 that a cache promises, or the first digits of it. */
  readonly expected?: string;
  /** Of weights that are downloaded: the name of where they come from. */
  readonly source?: string;
}

/** A cache names files by their digests; one that was damaged since then would be an answer of other weights. */
function requireExpected({ path, expected }: TaskFile, digest: Digest): void {
  if (expected === undefined || digest.startsWith(expected)) return;
  throw new OpError(
    "weights-damaged",
    `The file ${path} should have the SHA-256 ${expected}, but it has ${digest}.`,
    "Remove it and download it again by `exp fetch`.",
  );
}

/** The digest of one file, remembered or worked out. */
async function digestOne(path: string, options: SourceDigestOptions): Promise<Digest> {
  const found = toFileStat(await stat(path, { bigint: true }));
  const known = recall(found, options);
  if (known !== null) return known;
  const digests: (Digest | null)[] = [null];
  const files = [{ param: null, name: basename(path), path }];
  await hashMissing({ files, stats: [found], digests, missing: [0], bytes: Number(found.size), options });
  return digests[0]!;
}

function namedFiles(task: Task, op: Op): TaskFile[] {
  return Object.entries(task.params).flatMap(([param, value]) => {
    return isPath(value) && op.signature.params[param]?.type === "file"
      ? [{ param, name: basename(value.path), path: value.path }]
      : [];
  });
}

async function foundFiles(task: Task, op: Op): Promise<TaskFile[]> {
  const found = await listSourceFiles(task, op);
  return [...found]
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
    .map((file) => ({ ...file, param: null }));
}

/** What an op finds wrong while it looks for its files is the program's mistake: it is told with its line. */
async function listSourceFiles(task: Task, op: Op): Promise<readonly SourceFile[]> {
  try {
    return (await op.sourceFiles?.(task.params)) ?? [];
  } catch (error) {
    // A file that the program itself names and that is not there is told better when it is asked for its stat.
    if (isMissing(error)) return [];
    if (!(error instanceof OpError)) throw error;
    const where = `${task.origin.file}:${String(task.origin.line)}`;
    throw new OpError(error.code, `${error.message} (needed at ${where})`, error.hint);
  }
}

function isMissing(error: unknown): boolean {
  return ["ENOENT", "ENOTDIR", "EISDIR"].includes((error as NodeJS.ErrnoException).code ?? "");
}

/** A file changed within two seconds of being hashed may change again without its times telling: it is hashed anew. */
const settlingNs = 2_000_000_000n;

function recall(stat: FileStat, options: SourceDigestOptions): Digest | null {
  return options.rehash ? null : options.store.findFileDigest(stat);
}

interface Missing {
  readonly files: readonly TaskFile[];
  readonly stats: readonly FileStat[];
  readonly digests: (Digest | null)[];
  readonly missing: readonly number[];
  readonly bytes: number;
  readonly options: SourceDigestOptions;
}

async function hashMissing({ files, stats, digests, missing, bytes, options }: Missing): Promise<void> {
  if (missing.length === 0) return;
  const now = BigInt(Date.now()) * 1_000_000n;
  const found = await options.hashFiles(
    missing.map((index) => files[index]!.path),
    {
      onProgress: (done) => {
        options.onProgress(done, bytes);
      },
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    },
  );
  const settled: { stat: FileStat; digest: Digest }[] = [];
  missing.forEach((index, position) => {
    const digest = found[position]!;
    const fileStat = stats[index]!;
    digests[index] = digest;
    if (now - fileStat.mtimeNs > settlingNs && now - fileStat.ctimeNs > settlingNs) {
      settled.push({ stat: fileStat, digest });
    }
  });
  options.store.saveFileDigests(settled);
}

function summarise(files: readonly HashedFile[], remembered: readonly RememberedWeights[]): SourceDigests {
  const byParam: Record<string, Digest> = {};
  const sources: { name: string; digest: Digest; bytes: number }[] = [];
  // What was shards then comes before what the op found itself, as shards that are here do.
  sources.push(...remembered.flatMap(({ files: [, ...shards] }) => shards));
  for (const { param, name, digest, stat } of files) {
    if (param === null) sources.push({ name, digest, bytes: Number(stat.size) });
    else byParam[param] = digest;
  }
  for (const { param, files: known } of remembered) byParam[param] = known[0]!.digest;
  const entries: Record<string, FileEntry> = { ...byParam };
  if (sources.length > 0) {
    const bytes = sources.reduce((sum, source) => sum + source.bytes, 0);
    entries["sources"] = { count: sources.length, bytes, digest: rollUpDigests(sources) };
  }
  const bySource = new Map(sources.map(({ name, digest }) => [name, digest]));
  const watched = files.map(({ path, stat }) => ({ path, stat }));
  const found = { entries, byParam, files: watched, remembered, unhashed: { files: 0, bytes: 0 } };
  return bySource.size === 0 ? found : { ...found, bySource };
}
