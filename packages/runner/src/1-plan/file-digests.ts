import { stat } from "node:fs/promises";
import { basename } from "node:path";
import type { SourceFile } from "@exp-lab/ops";
import type { Digest } from "../hash/digests.ts";
import type { FileStat, Store } from "../store/store.ts";
import { toFileStat } from "./watched-file.ts";

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

/** The digest of one file, remembered or worked out. */
export async function digestOne(path: string, options: SourceDigestOptions): Promise<Digest> {
  const found = toFileStat(await stat(path, { bigint: true }));
  const known = recallDigest(found, options);
  if (known !== null) return known;
  const digests: (Digest | null)[] = [null];
  const files = [{ param: null, name: basename(path), path }];
  await hashMissing({ files, stats: [found], digests, missing: [0], bytes: Number(found.size), options });
  return digests[0]!;
}

/** A file changed within two seconds of being hashed may change again without its times telling: it is hashed anew. */
const settlingNs = 2_000_000_000n;

/** What a file of this stat held when it was last read; null where it never was. */
export function recallDigest(stat: FileStat, options: SourceDigestOptions): Digest | null {
  return options.rehash ? null : options.store.findFileDigest(stat);
}

export interface Missing {
  readonly files: readonly TaskFile[];
  readonly stats: readonly FileStat[];
  readonly digests: (Digest | null)[];
  readonly missing: readonly number[];
  readonly bytes: number;
  readonly options: SourceDigestOptions;
}

/** Reads the files whose digests are missing, and fills these in. */
export async function hashMissing({ files, stats, digests, missing, bytes, options }: Missing): Promise<void> {
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
