import { writeFileSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { builtinOps, type Op, type RowExtractor } from "@exp-lab/ops";
import { endWithCoordinator } from "./end-with-coordinator.ts";
import { watchNativeCalls } from "./native-gate.ts";
import { createHandedPaths } from "./handed-files.ts";
import { createPeakMeter, noMeter } from "./peak-meter.ts";
import { layDownReply } from "./sent-reply.ts";
import type { ProcessSettings, ThreadSettings, WorkerReply, WorkerRequest, WorkerSettings } from "./worker-messages.ts";
import { createWorkerService } from "./worker-service.ts";

/**
 * The entry of a worker, a thread or a process: ops of this build, requests in, replies out. It never opens the store.
 */
interface Channel {
  readonly settings: WorkerSettings;
  readonly reply: (message: WorkerReply, transfer: readonly ArrayBuffer[]) => void;
  readonly listen: (hear: (request: WorkerRequest) => void) => void;
}

const { settings, reply, listen } = openChannel();
const extractors = new Map<number, RowExtractor>();
const ops = await readOps(settings.registry);
const environment = { ops: new Map(ops.map((op) => [op.signature.name, op])), threads: settings.threads };
// A thread has no memory of its own.
const peak = parentPort === null ? createPeakMeter() : noMeter;
listen(createWorkerService({ environment, extractors, reply, peak }));

function openChannel(): Channel {
  const port = parentPort;
  if (port !== null) {
    const given = workerData as ThreadSettings;
    watchNativeCalls(given.gate);
    return {
      settings: given,
      reply: (message, transfer) => {
        port.postMessage(message, transfer);
      },
      listen: (hear) => port.on("message", hear),
    };
  }
  if (process.send === undefined) throw new Error("This file is the entry of a worker and cannot be run by itself.");
  endWithCoordinator();
  process.title = "exp worker";
  offerToOutOfMemoryKiller();
  const given = JSON.parse(process.argv[2] ?? "") as ProcessSettings;
  const nextPath = createHandedPaths(given.handover);
  return {
    settings: given,
    reply: (message) => {
      void layDownReply(message, nextPath).then((sent) => process.send?.(sent));
    },
    listen: (hear) => process.on("message", hear),
  };
}

async function readOps(registry: string | null): Promise<readonly Op[]> {
  if (registry === null) return builtinOps;
  return ((await import(registry)) as { readonly ops: readonly Op[] }).ops;
}

/** Where memory runs out, a worker goes before its coordinator does: what it did can be done again. */
function offerToOutOfMemoryKiller(): void {
  try {
    writeFileSync("/proc/self/oom_score_adj", "500");
  } catch {
    // Not Linux, or not allowed: the system chooses by size, and workers are the larger ones.
  }
}
