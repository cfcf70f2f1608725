import { parentPort, workerData } from "node:worker_threads";
import { builtinOps, type RowExtractor } from "@exp-lab/ops";
import type { WorkerSettings } from "./worker-messages.ts";
import { createWorkerService } from "./worker-service.ts";

/** The entry of a worker thread: ops of this build, requests in, replies out. It never opens the store. */
const port = parentPort;
if (port === null) throw new Error("This file is the entry of a worker thread and cannot be run by itself.");

const { threads } = workerData as WorkerSettings;
const extractors = new Map<number, RowExtractor>();
const service = createWorkerService({
  environment: { ops: new Map(builtinOps.map((op) => [op.signature.name, op])), threads },
  extractors,
  reply: (message, transfer) => {
    port.postMessage(message, transfer);
  },
});
port.on("message", service);
