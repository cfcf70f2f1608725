import { readdirSync, rmSync } from "node:fs";
import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import { unwatched, writeFilesLater, type WriteWatch } from "../../store/fail-points.ts";
import { makeFolder } from "../../store/make-folder.ts";
import { isProcessGone, thisProcess } from "../../store/process-identity.ts";
import type { EncodedInput, OpCall } from "../executor.ts";
import type { FiledInput, SentCall, SentInput } from "./worker-messages.ts";

/**
 * What is larger goes to another process by a file: from a megabyte on that is faster than a message (4 MB in 3 instead of
 * 11 ms, 256 MB in 0.2 instead of 1 s), and writing a message that large would hold the coordinator up.
 */
const largestMessage = 1 << 20;

/** The folder of a store in which inputs lie while workers read them. */
export function handoverFolder(storeFolder: string): string {
  return join(storeFolder, "handover");
}

/** Lays large inputs down in files that several processes read; a file is gone once its call has ended. */
export class Handover {
  readonly #folder: string;
  readonly #owner = thisProcess();
  #files = 0;

  readonly #watch: WriteWatch;

  constructor(folder: string, watch: WriteWatch = unwatched) {
    this.#folder = folder;
    this.#watch = watch;
    sweepHandovers(folder);
  }

  /** The files are there until `act` has ended. */
  async lend<Result>(call: OpCall, act: (call: SentCall) => Promise<Result>): Promise<Result> {
    const files: string[] = [];
    try {
      const inputs: Record<string, SentInput> = {};
      for (const [name, input] of Object.entries(call.inputs)) inputs[name] = await this.#layDown(input, files);
      return await act({ ...call, inputs });
    } finally {
      for (const file of files) {
        await writeFilesLater("remove input", this.#watch, () => rm(file, { force: true }));
      }
    }
  }

  async #layDown(input: EncodedInput, files: string[]): Promise<SentInput> {
    const content = contentOf(input);
    if (content.byteLength <= largestMessage) return withOwnMemory(input);
    const { host, pid, processStart } = this.#owner;
    this.#files += 1;
    const name = [encodeURIComponent(host), pid, processStart ?? "", this.#files].join("_");
    const path = join(this.#folder, name);
    try {
      files.push(path);
      await writeFilesLater("lay down input", this.#watch, () => {
        makeFolder(this.#folder);
        return writeWhole(path, new Uint8Array(content.buffer, content.byteOffset, content.byteLength));
      });
    } catch {
      // No room for a file, or no right to write one: a message is slower, and as good.
      return withOwnMemory(input);
    }
    return filed(input, path);
  }
}

/** Shared memory cannot be sent. */
function withOwnMemory(input: EncodedInput): EncodedInput {
  if (input.form !== "rows" || input.data.buffer instanceof ArrayBuffer) return input;
  return { ...input, data: new Float32Array(input.data) };
}

function filed(input: EncodedInput, path: string): FiledInput {
  const empty =
    input.form === "rows" ? { ...input, data: new Float32Array(0) } : { ...input, bytes: new Uint8Array(0) };
  return { form: "file", path, bytes: contentOf(input).byteLength, input: empty };
}

function contentOf(input: EncodedInput): Uint8Array | Float32Array {
  return input.form === "rows" ? input.data : input.bytes;
}

async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    for (let done = 0; done < bytes.length;) done += (await file.write(bytes, done, bytes.length - done)).bytesWritten;
  } finally {
    await file.close();
  }
}

/** Removes what coordinators that were killed have left behind. */
function sweepHandovers(folder: string): void {
  for (const name of namesIn(folder)) {
    const [, host = "", pid, start = ""] = /^(.+)_(\d+)_(\d*)_\d+$/.exec(name) ?? [];
    if (pid === undefined) continue;
    const owner = {
      id: "",
      host: decodeURIComponent(host),
      pid: Number(pid),
      processStart: start === "" ? null : start,
    };
    if (isProcessGone(owner)) rmSync(join(folder, name), { force: true });
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
