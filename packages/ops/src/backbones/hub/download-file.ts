import { mkdir, stat, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { OpError } from "../../op-error.ts";
import { codeOf } from "./moved-files.ts";
import { bytesOfOther, finishPartial, giveBack, takePartial, touch, type PartialFile } from "./partial-file.ts";
import { digestOfOpenFile, type ExpectedDigest } from "./file-digest.ts";
import { tooLittleSpace, writeFailure } from "./file-failures.ts";
import { receive, type Wanted } from "./receive.ts";
import { requireNotCancelled, tryAgain } from "./try-again.ts";
import type { Web } from "./web.ts";

export interface Download {
  readonly request: Wanted["request"];
  /** Where the file is to lie, in the end. */
  readonly target: string;
  readonly bytes: number | null;
  /** Null: only the length is held to. */
  readonly digest: ExpectedDigest | null;
  /** The file in words, for messages. */
  readonly what: string;
  readonly progress: (bytes: number) => void;
}

/** Attempts are counted anew after so many bytes: a long download may meet many faults. */
const advance = 64 * 2 ** 20;
const lookAgainMilliseconds = 1000;
/** While it waits for the server, a process shows this often that it holds the file. */
const showMilliseconds = 30_000;

/**
 * Makes sure that a file lies at its target, whole and verified. It goes on where an earlier call was stopped, and waits where
 * another process is at the same file. The library's `downloadFileToCacheDir` is not used: it always starts from nothing, checks
 * no digest, lets two processes write to one file, names the snapshot by the wrong commit, writes no `refs`, and prints.
 * @throws OpError
 */
export async function downloadFile(web: Web, download: Download): Promise<void> {
  const { target } = download;
  try {
    await mkdir(dirname(target), { recursive: true });
    for (;;) {
      requireNotCancelled(web.signal);
      if (await isWhole(download)) return;
      const partial = await takePartial(target);
      if (partial !== null) {
        if (await complete(web, download, partial)) return;
      } else {
        download.progress(await bytesOfOther(target));
        await waitFor(web, lookAgainMilliseconds);
      }
    }
  } catch (error) {
    throw writeFailure(error, dirname(target)) ?? error;
  }
}

/** Whether the file lies at its target. */
async function complete(web: Web, download: Download, partial: PartialFile): Promise<boolean> {
  try {
    // Another process may have finished just before this one took the file's place.
    if (await isWhole(download)) {
      await giveBack(partial, false);
      return true;
    }
    await fill(web, download, partial);
    return await finishPartial(partial, download.target);
  } catch (error) {
    const failure = writeFailure(error, partial.path) ?? error;
    await giveBack(partial, !(failure instanceof OpError && useless.has(failure.code)));
    throw failure;
  } finally {
    await partial.handle.close();
  }
}

/** After these nothing is kept: the bytes are wrong, or in the way. */
const useless: ReadonlySet<string> = new Set(["weights-digest-wrong", "weights-disk-full"]);

async function fill(web: Web, download: Download, partial: PartialFile): Promise<void> {
  const { digest } = download;
  await requireSpace(download, partial);
  for (let from = partial.bytes; ; from = 0) {
    await transfer(web, download, partial, from);
    const found = digest === null ? "" : await verify(web, partial, digest.kind);
    if (digest === null || found.startsWith(digest.hex)) return;
    // What was there before may have been of another program: the whole file gets one chance.
    if (from === 0) throw wrongDigest(download, digest, found);
  }
}

async function transfer(web: Web, download: Download, { handle }: PartialFile, from: number): Promise<void> {
  const { request, bytes } = download;
  let position = bytes !== null && from > bytes ? 0 : from;
  let counted = position;
  const wanted: Wanted = {
    request,
    handle,
    bytes,
    reached: (place) => {
      position = place;
      download.progress(place);
    },
  };
  const hasAdvanced = () => {
    const result = position - counted >= advance;
    if (result) counted = position;
    return result;
  };
  const wait = async (milliseconds: number) => {
    for (let left = milliseconds; left > 0; left -= showMilliseconds) {
      await touch(handle);
      await web.wait(Math.min(left, showMilliseconds), web.signal);
    }
  };
  await tryAgain(web, { wait, hasAdvanced }, async () => {
    if (bytes === null || position < bytes) await receive(web, wanted, position);
  });
  // What lay there before may have been longer.
  await handle.truncate(position);
  download.progress(position);
}

async function verify(web: Web, { handle }: PartialFile, kind: ExpectedDigest["kind"]): Promise<string> {
  try {
    return await digestOfOpenFile(handle, kind, web.signal);
  } catch (error) {
    requireNotCancelled(web.signal);
    throw error;
  }
}

async function waitFor(web: Web, milliseconds: number): Promise<void> {
  try {
    await web.wait(milliseconds, web.signal);
  } catch (error) {
    requireNotCancelled(web.signal);
    throw error;
  }
}

/** @throws OpError `weights-disk-full` before gigabytes are downloaded in vain */
async function requireSpace({ target, bytes }: Download, partial: PartialFile): Promise<void> {
  const folder = dirname(target);
  const { bavail, blocks, bsize } = await statfs(folder);
  const wanted = (bytes ?? 0) - partial.bytes;
  // Some file systems of networks say nothing of their size.
  if (blocks > 0 && wanted > bavail * bsize) throw tooLittleSpace(folder, wanted, bavail * bsize);
}

function wrongDigest({ what }: Download, { kind, hex }: ExpectedDigest, found: string): OpError {
  const name = kind === "sha256" ? "SHA-256" : "SHA-1 (of git)";
  return new OpError(
    "weights-digest-wrong",
    `The ${name} of ${what} is ${found}; expected is ${hex}. What was downloaded was removed.`,
    "Run again, in case it was spoilt on its way. If it stays so, the file at its publisher is another one by now, or a proxy alters it.",
  );
}

/** A file of another length was copied by hand, and not to its end. */
async function isWhole({ target, bytes }: Download): Promise<boolean> {
  try {
    const found = await stat(target);
    return found.isFile() && (bytes === null || found.size === bytes);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return false;
    throw error;
  }
}
