import type { RowExtractor } from "@exp-lab/ops";
import type { Digest } from "../../hash/digests.ts";
import { failureOf, hashFile, openExtractor, performCall, type CallEnvironment } from "../perform-call.ts";
import type { CallAnswer, CallHooks, ExtractAnswer } from "../executor.ts";
import { takeInputs } from "./take-inputs.ts";
import type { PeakMeter } from "./peak-meter.ts";
import type { HashReply, OpenedReply, WorkerReply, WorkerRequest } from "./worker-messages.ts";

export interface WorkerServiceOptions {
  readonly environment: CallEnvironment;
  /** The per-example ops that are open, by the id of the request that opened them. */
  readonly extractors: Map<number, RowExtractor>;
  readonly reply: (message: WorkerReply, transfer: readonly ArrayBuffer[]) => void;
  readonly peak: PeakMeter;
}

/** Progress travels at most this often (ms): the screen shows ten updates a second. */
const progressInterval = 100;

/** A worker's side of the conversation, whatever carries the messages. */
export function createWorkerService(options: WorkerServiceOptions): (request: WorkerRequest) => void {
  const aborts = new Map<number, AbortController>();

  const begin = (id: number): CallHooks => {
    const controller = new AbortController();
    aborts.set(id, controller);
    let last = 0;
    return {
      signal: controller.signal,
      onProgress: (done, total) => {
        const now = performance.now();
        if (now - last < progressInterval && done < total) return;
        last = now;
        options.reply({ say: "progress", id, done, total }, []);
      },
    };
  };

  return (request) => {
    if (request.say === "abort") {
      aborts.get(request.id)?.abort();
      return;
    }
    // What an extractor was opened with holds until it is closed: its batches stop by the same signal.
    void answer(request, begin(request.id), options).finally(() => {
      if (request.say === "close") aborts.delete(request.extractor);
      if (!options.extractors.has(request.id)) aborts.delete(request.id);
    });
  };
}

async function answer(
  request: Exclude<WorkerRequest, { say: "abort" }>,
  hooks: CallHooks,
  { environment, extractors, reply, peak }: WorkerServiceOptions,
): Promise<void> {
  const { id } = request;
  switch (request.say) {
    case "call": {
      peak.begin();
      const answers = await call(request, hooks, environment);
      const peakBytes = peak.end();
      const buffers = answers.flatMap((answer) => (answer.ok ? transferable(answer.bytes) : []));
      reply({ say: "answers", id, answers, peakBytes }, [...new Set(buffers)]);
      return;
    }
    case "open": {
      // Until it is closed: its batches are part of it.
      peak.begin();
      const opened = await open(request, hooks, { environment, extractors });
      if (!opened.ok) peak.end();
      reply({ say: "opened", id, opened }, []);
      return;
    }
    case "extract": {
      const rows = await extract(extractors.get(request.extractor), request.examples);
      reply({ say: "rows", id, rows }, rows.ok ? transferable(rows.rows.rows) : []);
      return;
    }
    case "close":
      await extractors.get(request.extractor)?.close();
      reply({ say: "closed", id, peakBytes: extractors.delete(request.extractor) ? peak.end() : null }, []);
      return;
    case "hash":
      reply({ say: "digests", id, digests: await hashAll(request.paths, hooks) }, []);
  }
}

async function call(
  request: Extract<WorkerRequest, { say: "call" }>,
  hooks: CallHooks,
  environment: CallEnvironment,
): Promise<readonly CallAnswer[]> {
  try {
    return await performCall(environment, await takeInputs(request.call), hooks);
  } catch (error) {
    const failure = failureOf(error);
    return (request.call.members ?? [request.call.params]).map(() => ({ ok: false, failure }));
  }
}

async function open(
  request: Extract<WorkerRequest, { say: "open" }>,
  hooks: CallHooks,
  { environment, extractors }: Pick<WorkerServiceOptions, "environment" | "extractors">,
): Promise<OpenedReply> {
  try {
    const extractor = await openExtractor(environment, await takeInputs(request.call), hooks);
    extractors.set(request.id, extractor);
    const { layout, batchSize, madeBy } = extractor;
    return { ok: true, layout, batchSize, madeBy };
  } catch (error) {
    return { ok: false, failure: failureOf(error) };
  }
}

async function extract(
  extractor: RowExtractor | undefined,
  examples: Extract<WorkerRequest, { say: "extract" }>["examples"],
): Promise<ExtractAnswer> {
  try {
    if (extractor === undefined) throw new Error("Rows were asked of an op that is not open.");
    return { ok: true, rows: await extractor.extract({ examples }) };
  } catch (error) {
    return { ok: false, failure: failureOf(error) };
  }
}

async function hashAll(paths: readonly string[], hooks: CallHooks): Promise<HashReply> {
  try {
    let done = 0;
    const digests: Digest[] = [];
    for (const path of paths) {
      const add = (bytes: number): void => {
        hooks.signal.throwIfAborted();
        done += bytes;
        hooks.onProgress(done, Number.POSITIVE_INFINITY);
      };
      digests.push(await hashFile(path, add));
    }
    return { ok: true, digests };
  } catch (error) {
    return { ok: false, failure: failureOf(error) };
  }
}

/** A buffer is handed over rather than copied where the view is the whole of it; a pooled or shared one stays. */
function transferable(view: Uint8Array | Float32Array): readonly ArrayBuffer[] {
  const { buffer } = view;
  return buffer instanceof ArrayBuffer && buffer.byteLength === view.byteLength ? [buffer] : [];
}
