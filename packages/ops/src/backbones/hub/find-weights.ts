import { readFile, readlink, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import type { FileSource, HubSource, UrlSource, WeightsSource } from "../weights/weights-source.ts";
import type { Environment } from "./environment.ts";
import type { FoundFile, FoundWeights } from "./found-weights.ts";
import {
  defaultRevision,
  digestOfLink,
  hubLocations,
  isCommit,
  snapshotPath,
  torchLocation,
  urlLocation,
} from "./weight-locations.ts";
import { besideIndex, isWeightsIndex, shardsOfIndex } from "./weights-index.ts";

export interface FindOptions {
  /** `process.env` by default. */
  readonly environment?: Environment;
  /**
   * The SHA-256 of a file, 64 hex digits. Only with it is PyTorch's cache looked at, whose files say nothing of their bytes: to
   * hash a file costs as much as to read it.
   */
  readonly digestOf?: (path: string) => Promise<string>;
}

/** Files of a repository that hold weights, in the order in which one is taken where the program names none. */
export const usualFiles = [
  "model.safetensors",
  "model.safetensors.index.json",
  "pytorch_model.bin",
  "pytorch_model.bin.index.json",
  "open_clip_model.safetensors",
  "open_clip_pytorch_model.safetensors",
  "open_clip_pytorch_model.bin",
] as const;

/**
 * The weights of a source where they are on this machine already. No network is used: a branch stands for the commit that was
 * downloaded last.
 * @throws OpError `weights-source-invalid`, `weights-index-unreadable`
 */
export async function findWeights(source: WeightsSource, options: FindOptions = {}): Promise<FoundWeights> {
  const { environment = process.env } = options;
  if (source.weights === "file") return findFile(source);
  if (source.weights === "url") return findUrl(source, environment, options.digestOf);
  return findHub(source, environment);
}

async function findFile({ path }: FileSource): Promise<FoundWeights> {
  const absolute = resolve(path);
  return findMain(absolute, basename(absolute), `There is no file ${path}.`);
}

async function findUrl(
  source: UrlSource,
  environment: Environment,
  digestOf: FindOptions["digestOf"],
): Promise<FoundWeights> {
  const path = resolve(urlLocation(source, environment));
  const wanted = source.sha256.toLowerCase();
  // What lies there was checked before it got its name.
  const own = await describeFile(path, basename(path), wanted.length === 64 ? wanted : null);
  if (own !== null) return { status: "here", path, files: [own] };
  const torch = resolve(torchLocation(source, environment));
  if (digestOf !== undefined && (await describeFile(torch, basename(torch), null)) !== null) {
    const sha256 = await digestOf(torch);
    const file = await describeFile(torch, basename(torch), sha256);
    if (file !== null && sha256.startsWith(wanted)) return { status: "here", path: torch, files: [file] };
  }
  return absent(`The file ${basename(path)} is not in ${dirname(path)}.`);
}

async function findHub(source: HubSource, environment: Environment): Promise<FoundWeights> {
  const locations = hubLocations(source, environment);
  const commit = locations.commit ?? (await readRef(locations.ref!));
  const { repository } = source;
  const revision = source.revision ?? defaultRevision;
  if (commit === null) return absent(`The cache ${locations.cache} holds no revision ${revision} of ${repository}.`);
  const names = source.file === null ? usualFiles : [source.file];
  let reason: string | null = null;
  for (const name of names) {
    const path = resolve(snapshotPath(locations.folder, commit, name));
    const missing = `The cache ${locations.cache} does not hold ${name} of ${repository} at ${revision}.`;
    const found = await findMain(path, name, missing);
    if (found.status === "here") return found;
    // An index without a shard says more than that there is no index.
    if (found.reason !== missing) reason ??= found.reason;
    else if (source.file !== null) return found;
  }
  return absent(reason ?? `The cache ${locations.cache} holds no weights of ${repository} at ${revision}.`);
}

/** The commit that a file of `refs` holds; null where there is none. */
async function readRef(path: string): Promise<string | null> {
  try {
    const text = (await readFile(path, "utf8")).trim();
    return isCommit(text) ? text : null;
  } catch {
    return null;
  }
}

async function findMain(path: string, name: string, missing: string): Promise<FoundWeights> {
  const main = await describeFile(path, name, null);
  if (main === null) return absent(missing);
  if (!isWeightsIndex(name)) return { status: "here", path, files: [main] };
  const files: FoundFile[] = [main];
  for (const shard of shardsOfIndex(await readFile(path, "utf8"), name)) {
    const file = await describeFile(join(dirname(path), ...shard.split("/")), besideIndex(name, shard), null);
    if (file === null) return absent(`${path} names the shard ${shard}, which is not beside it.`);
    files.push(file);
  }
  return { status: "here", path, files };
}

/** Null where there is no file, or a link to nothing. @param sha256 where it is known; null: by the link, if the file is one */
async function describeFile(path: string, name: string, sha256: string | null): Promise<FoundFile | null> {
  try {
    const found = await stat(path);
    if (!found.isFile()) return null;
    return { name, path, sha256: sha256 ?? digestOfLink(await readLinkOf(path)), bytes: found.size };
  } catch {
    return null;
  }
}

/** Where the link leads; empty for a plain file, as systems without links have it. */
async function readLinkOf(path: string): Promise<string> {
  try {
    return await readlink(path);
  } catch {
    return "";
  }
}

function absent(reason: string): FoundWeights {
  return { status: "absent", reason };
}
