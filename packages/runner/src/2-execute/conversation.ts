import { Worker } from "node:worker_threads";
import type { WorkerReply, WorkerRequest, WorkerSettings } from "./worker-messages.ts";

/** A request as it is written by whoever asks: the conversation gives it its number. */
type Unnumbered<Request> = Request extends WorkerRequest ? Omit<Request, "id"> : never;
type Answering = Exclude<WorkerRequest, { say: "abort" }>;

/** The thread ended under a call: out of memory, or a crash in native code. */
export interface LostReply {
  readonly say: "lost";
  readonly id: number;
  readonly reason: string;
}

export interface AskHooks {
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

interface Waiting {
  readonly hooks: AskHooks;
  readonly resolve: (reply: WorkerReply | LostReply) => void;
}

/**
 * Owns one worker thread, which starts with the first request, and matches replies to requests. A thread that ends under
 * its requests answers them as lost; the next request starts another one.
 */
export class Conversation {
  readonly #settings: WorkerSettings;
  #thread: Thread | null = null;
  #nextId = 1;

  constructor(settings: WorkerSettings) {
    this.#settings = settings;
  }

  /** How much there is to do: requests without a reply, and extractors that are open. */
  get underWay(): number {
    return this.#thread === null ? 0 : this.#thread.waiting.size + this.#thread.openExtractors;
  }

  /** The thread that requests go to now; what it has opened is gone once this is another one. */
  get thread(): object | null {
    return this.#thread;
  }

  /** @param onThread where given: the request is lost, and starts nothing, unless that thread is still there */
  ask(request: Unnumbered<Answering>, hooks: AskHooks, onThread?: object | null): Promise<WorkerReply | LostReply> {
    const id = this.#nextId++;
    if (onThread !== undefined && (onThread === null || onThread !== this.#thread)) {
      return Promise.resolve({ say: "lost", id, reason: "its thread had ended before" });
    }
    const thread = (this.#thread ??= this.#start());
    return new Promise((resolve) => {
      const abort = (): void => {
        post(thread, { say: "abort", id });
      };
      hooks.signal?.addEventListener("abort", abort, { once: true });
      thread.waiting.set(id, {
        hooks,
        resolve: (reply) => {
          hooks.signal?.removeEventListener("abort", abort);
          resolve(reply);
        },
      });
      post(thread, { ...request, id }, memoryOf(request));
      if (hooks.signal?.aborted === true) abort();
    });
  }

  /** Tells an extractor, which outlives the request that opened it, to stop. */
  abort(id: number): void {
    if (this.#thread !== null) post(this.#thread, { say: "abort", id });
  }

  async end(): Promise<void> {
    const thread = this.#thread;
    this.#thread = null;
    await thread?.worker.terminate();
  }

  #start(): Thread {
    // The build puts the entry beside this file; a source file cannot be loaded into a thread.
    const worker = new Worker(new URL("./worker-main.js", import.meta.url), { workerData: this.#settings });
    const thread: Thread = { worker, waiting: new Map(), openExtractors: 0 };
    worker.on("message", (reply: WorkerReply) => {
      hear(thread, reply);
    });
    worker.on("error", (error) => {
      this.#lose(thread, error instanceof Error ? error.message : String(error));
    });
    worker.on("exit", (code) => {
      this.#lose(thread, `it ended with code ${String(code)}`);
    });
    return thread;
  }

  #lose(thread: Thread, reason: string): void {
    if (this.#thread === thread) this.#thread = null;
    const waiting = [...thread.waiting];
    thread.waiting.clear();
    for (const [id, { resolve }] of waiting) resolve({ say: "lost", id, reason });
  }
}

interface Thread {
  readonly worker: Worker;
  readonly waiting: Map<number, Waiting>;
  /** They keep a thread busy between their batches too. */
  openExtractors: number;
}

function post({ worker }: Thread, request: WorkerRequest, handedOver: readonly ArrayBuffer[] = []): void {
  worker.postMessage(request, handedOver);
}

/** Rows are gathered for one call, and go over to the thread without a copy. */
function memoryOf(request: Unnumbered<Answering>): readonly ArrayBuffer[] {
  if (request.say !== "call") return [];
  return Object.values(request.call.inputs).flatMap((input) => {
    return input.form === "rows" && input.data.buffer instanceof ArrayBuffer ? [input.data.buffer] : [];
  });
}

function hear(thread: Thread, reply: WorkerReply): void {
  const waiting = thread.waiting.get(reply.id);
  if (reply.say === "progress") {
    waiting?.hooks.onProgress?.(reply.done, reply.total);
    return;
  }
  thread.waiting.delete(reply.id);
  if (reply.say === "opened" && reply.opened.ok) thread.openExtractors += 1;
  if (reply.say === "closed") thread.openExtractors -= 1;
  waiting?.resolve(reply);
}
