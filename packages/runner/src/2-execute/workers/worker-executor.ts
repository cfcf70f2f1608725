import { availableParallelism } from "node:os";
import { OpError } from "@exp-lab/ops";
import type { CallAnswer, CallHooks, Executor, ExtractAnswer, OpCall, OpenAnswer } from "../executor.ts";
import type { TaskFailure } from "../outcome.ts";
import { callInParts, type Caller } from "./call-in-parts.ts";
import type { Conversation, LostReply } from "./conversation.ts";
import { deviceEnvironment, deviceLanes, deviceSettings, needsDevice } from "./device-lanes.ts";
import type { Handover } from "./handover.ts";
import { spreadOverLanes } from "./lanes.ts";
import { startProcess } from "./process-port.ts";
import { startThread } from "./thread-port.ts";
import { WorkerPools } from "./worker-pools.ts";
import type { HashReply, OpenedReply, SentCall, WorkerReply } from "./worker-messages.ts";

export interface WorkerExecutorOptions {
  /** Tasks that may run at once. */
  readonly jobs: number;
  /** Takes large inputs to workers that are processes of their own; without it they are threads of this one. */
  readonly handover?: Handover;
  /** The same for the processes that compute on a device; by default `handover`. */
  readonly deviceHandover?: Handover;
  /** The address of a module whose `ops` take the place of the built-in ones. */
  readonly registry?: string;
  /** Milliseconds that a task may go on after its time is over, before its worker is ended. */
  readonly grace?: number;
}

/** More workers than this with a model each would cost more memory than they save time. */
const mostLanes = 8;

const usualGrace = 5000;

/**
 * Runs ops on workers, so that no native call, decoding or hashing ever holds up the coordinator. A worker starts with its
 * first call: a run in which everything is stored never pays for one.
 *
 * The cores are shared out as lanes. A per-example op is opened on every lane that it can fill, each with its own copy of
 * the model: two lanes of one core decode, prepare and pass more images a second than one forward pass on two cores. The
 * members of a fused call are shared out over the lanes that are idle.
 *
 * What is tried again since its worker was lost gets workers that nothing else is on: whatever ended the worker then ends
 * nothing else, and nothing else ends it a second time.
 *
 * What needs a device goes to processes of its own, few of them, whatever the others are: see `device-lanes.ts`.
 */
export function createWorkerExecutor(options: WorkerExecutorOptions): Executor {
  const { jobs, handover, deviceHandover = handover, registry = null, grace = usualGrace } = options;
  const cores = availableParallelism();
  const lanes = Math.min(cores, mostLanes);
  const settings = { threads: Math.max(1, Math.floor(cores / lanes)), registry };
  const start = handover === undefined ? startThread(settings) : startProcess(settings, handover);
  const pools = new WorkerPools({ start, grace }, { shared: Math.max(lanes, jobs), apart: lanes });
  const devicePools =
    deviceHandover === undefined
      ? null
      : new WorkerPools(
          { start: startProcess(deviceSettings(cores, registry), deviceHandover, deviceEnvironment()), grace },
          { shared: deviceLanes, apart: deviceLanes },
        );
  const poolsFor = (call: OpCall): WorkerPools => {
    if (!needsDevice(call)) return pools;
    if (devicePools === null) throw new Error("An executor without a handover has no processes for a device.");
    return devicePools;
  };
  /** The inputs are laid down once for all the workers that read them. */
  const lend = <Result>(call: OpCall, act: (sent: SentCall) => Promise<Result>): Promise<Result> => {
    const by = needsDevice(call) ? deviceHandover : handover;
    return by === undefined ? act(call) : by.lend(call, act);
  };
  return {
    slots: jobs,
    call: async (call, hooks) => {
      const pool = pools.take(hooks);
      const idle = pool.filter(({ underWay }) => underWay === 0).slice(0, lanes);
      const chosen = idle.length === 0 ? [leastBusy(pool)] : idle;
      const callers = chosen.map(
        (conversation): Caller =>
          (part, partHooks) =>
            callOnce(conversation, part, partHooks),
      );
      try {
        return await lend(call, (sent) => callInParts(callers, sent, hooks));
      } finally {
        await pools.giveBack(pool);
      }
    },
    open: async (call, hooks) => {
      const from = poolsFor(call);
      const pool = from.take(hooks);
      const idlestFirst = [...pool].sort((a, b) => a.underWay - b.underWay).slice(0, lanes);
      // Later lanes read the inputs anew, whenever they are opened.
      const opened = await spreadOverLanes(
        idlestFirst.map((conversation) => () => lend(call, (sent) => openOnce(conversation, sent, hooks))),
      );
      if (!opened.ok) {
        await from.giveBack(pool);
        return opened;
      }
      const { extractor } = opened;
      const close = async (): Promise<void> => {
        await extractor.close();
        await from.giveBack(pool);
      };
      return { ok: true, extractor: { ...extractor, close } };
    },
    hashFiles: async (paths, hooks) => {
      const reply = await leastBusy(pools.shared).ask({ say: "hash", paths }, hooks);
      const digests: HashReply = reply.say === "digests" ? reply.digests : { ok: false, failure: lost(reply) };
      if (!digests.ok) throw new OpError(digests.failure.code, digests.failure.message, digests.failure.hint);
      return digests.digests;
    },
    close: async () => {
      await Promise.all([pools.end(), devicePools?.end()]);
      handover?.close();
      if (deviceHandover !== handover) deviceHandover?.close();
    },
  };
}

function leastBusy(pool: readonly Conversation[]): Conversation {
  return pool.reduce((least, next) => (next.underWay < least.underWay ? next : least));
}

async function callOnce(conversation: Conversation, call: SentCall, hooks: CallHooks): Promise<readonly CallAnswer[]> {
  const reply = await conversation.ask({ say: "call", call }, hooks);
  if (reply.say === "answers") {
    if (reply.peakBytes !== null) hooks.onPeak?.(reply.peakBytes);
    return reply.answers;
  }
  const failure = lost(reply);
  return (call.members ?? [call.params]).map(() => ({ ok: false, failure }));
}

async function openOnce(conversation: Conversation, call: SentCall, hooks: CallHooks): Promise<OpenAnswer> {
  const reply = await conversation.ask({ say: "open", call }, hooks);
  const opened: OpenedReply = reply.say === "opened" ? reply.opened : { ok: false, failure: lost(reply) };
  if (!opened.ok) return opened;
  const { layout, batchSize, madeBy } = opened;
  const extractor = reply.id;
  const { worker } = conversation;
  const abort = (): void => {
    if (conversation.worker === worker) conversation.abort(extractor, hooks.signal);
  };
  hooks.signal.addEventListener("abort", abort, { once: true });
  return {
    ok: true,
    extractor: {
      layout,
      batchSize,
      madeBy,
      batchesAtOnce: 1,
      extract: async (examples): Promise<ExtractAnswer> => {
        const rows = await conversation.ask({ say: "extract", extractor, examples }, {}, worker);
        return rows.say === "rows" ? rows.rows : { ok: false, failure: lost(rows) };
      },
      close: async () => {
        hooks.signal.removeEventListener("abort", abort);
        const closed = await conversation.ask({ say: "close", extractor }, {}, worker);
        if (closed.say === "closed" && closed.peakBytes !== null) hooks.onPeak?.(closed.peakBytes);
      },
    },
  };
}

function lost(reply: WorkerReply | LostReply): TaskFailure {
  const reason = reply.say === "lost" ? reply.reason : `it answered "${reply.say}"`;
  return {
    code: "worker-lost",
    message: `The worker that ran this ended before it answered: ${reason}.`,
    hint: "Memory may have run out. What was finished is stored: run again, with a smaller batch_size of the backbone if it was extracting.",
    stack: null,
  };
}
