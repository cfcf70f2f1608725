import type { WorkerReply, WorkerRequest } from "./worker-messages.ts";
import type { StartWorker, WorkerPort } from "./worker-port.ts";

/** A request as it is written by whoever asks: the conversation gives it its number. */
type Unnumbered<Request> = Request extends WorkerRequest ? Omit<Request, "id"> : never;
type Answering = Exclude<WorkerRequest, { say: "abort" }>;

/** The worker ended under a call: out of memory, a crash in native code, or its time was over. */
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
  /** The request itself, or the one that opened the extractor which it is for. */
  readonly owner: number;
  readonly hooks: AskHooks;
  readonly resolve: (reply: WorkerReply | LostReply) => void;
}

export interface ConversationOptions {
  readonly start: StartWorker;
  /** So long (ms) a worker whose time is over may go on before it is ended. */
  readonly grace: number;
}

/**
 * Owns one worker, which starts with the first request, and matches replies to requests. A worker that ends under its
 * requests answers them as lost; the next request starts another one.
 */
export class Conversation {
  readonly #options: ConversationOptions;
  #worker: Worker | null = null;
  #nextId = 1;

  constructor(options: ConversationOptions) {
    this.#options = options;
  }

  /** How much there is to do: requests without a reply, and extractors that are open. */
  get underWay(): number {
    return this.#worker === null ? 0 : this.#worker.waiting.size + this.#worker.openExtractors;
  }

  /** The worker that requests go to now; what it has opened is gone once this is another one. */
  get worker(): object | null {
    return this.#worker;
  }

  /** @param onWorker where given: the request is lost, and starts nothing, unless that worker is still there */
  ask(request: Unnumbered<Answering>, hooks: AskHooks, onWorker?: object | null): Promise<WorkerReply | LostReply> {
    const id = this.#nextId++;
    if (onWorker !== undefined && (onWorker === null || onWorker !== this.#worker)) {
      return Promise.resolve({ say: "lost", id, reason: "it had ended before" });
    }
    const worker = (this.#worker ??= this.#start());
    return new Promise((resolve) => {
      const { signal } = hooks;
      const abort = (): void => {
        if (signal !== undefined) this.abort(id, signal);
      };
      signal?.addEventListener("abort", abort, { once: true });
      worker.waiting.set(id, {
        owner: "extractor" in request ? request.extractor : id,
        hooks,
        resolve: (reply) => {
          signal?.removeEventListener("abort", abort);
          resolve(reply);
        },
      });
      worker.port.post({ ...request, id }, memoryOf(request));
      if (signal?.aborted === true) abort();
    });
  }

  /**
   * Tells a request, or an extractor that it opened, to stop. Where its time is over, a worker that does not come to it (it is
   * in native code, or a loop without end) is ended after the grace.
   */
  abort(id: number, signal: AbortSignal): void {
    const worker = this.#worker;
    if (worker === null) return;
    worker.port.post({ say: "abort", id }, []);
    if (!isTimeOver(signal)) return;
    setTimeout(() => {
      // What else the worker does has its own time.
      if (![...worker.waiting.values()].some(({ owner }) => owner === id)) return;
      this.#lose(worker, "it did not stop when its time was over");
      void worker.port.end();
    }, this.#options.grace).unref();
  }

  async end(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    await worker?.port.end();
  }

  #start(): Worker {
    const port = this.#options.start({
      onReply: (reply) => {
        hear(worker, reply);
      },
      onEnd: (reason) => {
        this.#lose(worker, reason);
      },
    });
    const worker: Worker = { port, waiting: new Map(), openExtractors: 0 };
    return worker;
  }

  #lose(worker: Worker, reason: string): void {
    if (this.#worker === worker) this.#worker = null;
    const waiting = [...worker.waiting];
    worker.waiting.clear();
    for (const [id, { resolve }] of waiting) resolve({ say: "lost", id, reason });
  }
}

interface Worker {
  readonly port: WorkerPort;
  readonly waiting: Map<number, Waiting>;
  /** They keep a worker busy between their batches too. */
  openExtractors: number;
}

function isTimeOver({ reason }: AbortSignal): boolean {
  return reason instanceof DOMException && reason.name === "TimeoutError";
}

/** Rows are gathered for one call, and go over to a thread without a copy. */
function memoryOf(request: Unnumbered<Answering>): readonly ArrayBuffer[] {
  if (request.say !== "call") return [];
  return Object.values(request.call.inputs).flatMap((input) => {
    return input.form === "rows" && input.data.buffer instanceof ArrayBuffer ? [input.data.buffer] : [];
  });
}

function hear(worker: Worker, reply: WorkerReply): void {
  const waiting = worker.waiting.get(reply.id);
  if (reply.say === "progress") {
    waiting?.hooks.onProgress?.(reply.done, reply.total);
    return;
  }
  worker.waiting.delete(reply.id);
  if (reply.say === "opened" && reply.opened.ok) worker.openExtractors += 1;
  if (reply.say === "closed") worker.openExtractors -= 1;
  waiting?.resolve(reply);
}
