import { basename } from "node:path";
import { OpError, type Op, type SourceFile } from "@exp-lab/ops";
import {
  digestOne,
  hashMissing,
  recallDigest,
  type HashedFile,
  type SourceDigestOptions,
  type TaskFile,
} from "./file-digests.ts";
import { statAll } from "./stat-files.ts";
import type { WatchedFile } from "./watched-file.ts";
import type { Task } from "@exp-lab/dsl";
import { rollUpDigests, type Digest } from "../hash/digests.ts";
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

/** @throws OpError where a file that the program names is missing or unreadable */
export async function digestSources(task: Task, op: Op, options: SourceDigestOptions): Promise<SourceDigests> {
  const weights = namesWeights(task) ? await findWeightFiles(task, options) : noWeights;
  if (weights.absent > 0) return unhashed(weights.absent, 0);
  const own = await foundFiles(task, op);
  const unreadable = own.filter(({ isUnreadable }) => isUnreadable === true);
  const readable = own.filter(({ isUnreadable }) => isUnreadable !== true);
  const found = [...weights.files.filter(({ param }) => param === null), ...readable];
  const files = [...namedFiles(task, op), ...weights.files.filter(({ param }) => param !== null), ...found];
  if (files.length + unreadable.length + weights.remembered.length === 0) return noSources;
  const stats = await statAll(files, task);
  const digests = files.map((_, index) => recallDigest(stats[index]!, options));

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
  return summarise(hashed, { remembered: weights.remembered, unreadable });
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

/** A cache names files by their digests; one that was damaged since then would be an answer of other weights. */
function requireExpected({ path, expected }: TaskFile, digest: Digest): void {
  if (expected === undefined || digest.startsWith(expected)) return;
  throw new OpError(
    "weights-damaged",
    `The file ${path} should have the SHA-256 ${expected}, but it has ${digest}.`,
    "Remove it and download it again by `exp fetch`.",
  );
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

/** That a file cannot be read, where its digest would stand: no bytes are known to have it. */
const ofUnreadable = "0".repeat(64) as Digest;

interface Unhashed extends Pick<WeightFiles, "remembered"> {
  readonly unreadable: readonly SourceFile[];
}

function summarise(files: readonly HashedFile[], { remembered, unreadable }: Unhashed): SourceDigests {
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
  const all = [...sources, ...unreadable.map(({ name }) => ({ name, digest: ofUnreadable, bytes: 0 }))];
  if (all.length > 0) {
    const bytes = all.reduce((sum, source) => sum + source.bytes, 0);
    entries["sources"] = { count: all.length, bytes, digest: rollUpDigests(all) };
  }
  const bySource = new Map(sources.map(({ name, digest }) => [name, digest]));
  const watched = files.map(({ path, stat }) => ({ path, stat }));
  const found = { entries, byParam, files: watched, remembered, unhashed: { files: 0, bytes: 0 } };
  return all.length === 0 ? found : { ...found, bySource };
}
