import { join } from "node:path";
import type { HubSource, UrlSource } from "../weights/weights-source.ts";
import { folderSetting, huggingFaceHome, userCache, type Environment } from "./environment.ts";
import { checkFileName, checkHubSource, checkUrlSource } from "./source-names.ts";

/*
 * The layout of huggingface_hub 2.4 (`file_download.py`), shared with every other program that downloads from the hub:
 *
 *     models--org--name/blobs/ETAG                      the bytes; the SHA-256 of a large file, git's SHA-1 of a small one
 *     models--org--name/refs/REVISION                   holds the commit, without an end of line
 *     models--org--name/snapshots/COMMIT/FILE           a relative link to the blob
 *
 * The functions of `@huggingface/hub` for this are not used: they read `process.env` alone, leave `~` and `$NAME` as they are,
 * and would have to be loaded for every plan.
 */

/** Where huggingface_hub keeps what it downloads: an absolute path where the environment says one. */
export function hubCacheFolder(environment: Environment): string {
  return (
    folderSetting(environment, ["HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"]) ?? join(huggingFaceHome(environment), "hub")
  );
}

export interface HubLocations {
  readonly cache: string;
  /** The folder of the repository. */
  readonly folder: string;
  readonly blobs: string;
  /** The file that holds the commit of the revision; null where the revision is a commit. */
  readonly ref: string | null;
  /** The commit where the revision is one. */
  readonly commit: string | null;
}

/** @throws OpError `weights-source-invalid` */
export function hubLocations(source: HubSource, environment: Environment): HubLocations {
  checkHubSource(source);
  const cache = hubCacheFolder(environment);
  const folder = join(cache, ["models", ...source.repository.split("/")].join("--"));
  const revision = source.revision ?? defaultRevision;
  const commit = isCommit(revision) ? revision : null;
  return {
    cache,
    folder,
    blobs: join(folder, "blobs"),
    ref: commit === null ? join(folder, "refs", ...revision.split("/")) : null,
    commit,
  };
}

export const defaultRevision = "main";

export function isCommit(text: string): boolean {
  return /^[0-9a-f]{40}$/.test(text);
}

/** Where a file of a commit lies. @throws OpError `weights-source-invalid` */
export function snapshotPath(folder: string, commit: string, file: string): string {
  checkFileName(file, "a file of the cache");
  return join(folder, "snapshots", commit, ...file.split("/"));
}

/**
 * The SHA-256 of a file by the link that leads to it: the name of its blob. Null for small files, whose blobs are named by git's
 * SHA-1. The link itself is asked, not what it leads to in the end: a blob may be a link into a store that several caches share.
 * @param target as `readlink` gives it
 */
export function digestOfLink(target: string): string | null {
  return /(?:^|[/\\])blobs[/\\]([0-9a-f]{64})$/.exec(target)?.[1] ?? null;
}

/** Where the file of an address is kept. @throws OpError `weights-source-invalid` */
export function urlLocation(source: UrlSource, environment: Environment): string {
  const name = checkUrlSource(source);
  return join(ownCacheFolder(environment), "weights", source.sha256.toLowerCase().slice(0, 16), name);
}

/** Where PyTorch keeps the file of an address (`torch.hub` goes by XDG_CACHE_HOME too). @throws OpError `weights-source-invalid` */
export function torchLocation(source: UrlSource, environment: Environment): string {
  const name = checkUrlSource(source);
  const home = folderSetting(environment, ["TORCH_HOME"]) ?? join(userCache(environment), "torch");
  return join(home, "hub", "checkpoints", name);
}

function ownCacheFolder(environment: Environment): string {
  return folderSetting(environment, ["EXP_CACHE"]) ?? join(userCache(environment), "exp-lab");
}
