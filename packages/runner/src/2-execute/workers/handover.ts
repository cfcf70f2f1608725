import { rm } from "node:fs/promises";
import { join } from "node:path";
import { unwatched, writeFilesLater, type WriteWatch } from "../../store/fail-points.ts";
import type { EncodedInput, OpCall } from "../executor.ts";
import {
  createHandedPaths,
  largestMessage,
  readHandedFile,
  sweepHandedFiles,
  writeHandedFile,
} from "./handed-files.ts";
import { takeReply } from "./sent-reply.ts";
import type { FiledInput, SentCall, SentInput, SentReply, WorkerReply } from "./worker-messages.ts";

/** The folder of a store in which large inputs and answers lie on their way to and from workers. */
export function handoverFolder(storeFolder: string): string {
  return join(storeFolder, "handover");
}

/**
 * The coordinator's side of what goes to worker processes, and comes from them, by files: lays large inputs down, which
 * several workers may read, and takes large answers up.
 */
export class Handover {
  readonly folder: string;
  readonly #nextPath: () => string;
  readonly #watch: WriteWatch;

  constructor(folder: string, watch: WriteWatch = unwatched) {
    this.folder = folder;
    this.#nextPath = createHandedPaths(folder);
    this.#watch = watch;
    sweepHandedFiles(folder);
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

  /** A reply with what lay in files, which are gone then. @throws Error where one cannot be read */
  takeUp(sent: SentReply): Promise<WorkerReply> {
    return takeReply(sent, async (filed) => {
      const content = await readHandedFile(filed);
      await writeFilesLater("remove answer", this.#watch, () => rm(filed.path, { force: true }));
      return content;
    });
  }

  /** Once all workers have ended: removes what those that crashed have left behind. */
  close(): void {
    sweepHandedFiles(this.folder);
  }

  async #layDown(input: EncodedInput, files: string[]): Promise<SentInput> {
    const content = contentOf(input);
    if (content.byteLength <= largestMessage) return withOwnMemory(input);
    const path = this.#nextPath();
    try {
      files.push(path);
      const bytes = new Uint8Array(content.buffer, content.byteOffset, content.byteLength);
      await writeFilesLater("lay down input", this.#watch, () => writeHandedFile(path, bytes));
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
