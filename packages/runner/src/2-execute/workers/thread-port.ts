import { Worker } from "node:worker_threads";
import { closeNativeGate, createNativeGate, leaveNativeGate } from "./native-gate.ts";
import { workerEntry } from "./worker-entry.ts";
import type { ThreadSettings, WorkerReply, WorkerSettings } from "./worker-messages.ts";
import type { StartWorker } from "./worker-port.ts";

/** Starts workers as threads of this process. Memory is handed over or shared; a crash in native code ends the run. */
export function startThread(settings: WorkerSettings): StartWorker {
  return ({ onReply, onEnd }) => {
    const gate = createNativeGate();
    const thread = new Worker(workerEntry, { workerData: { ...settings, gate } satisfies ThreadSettings });
    thread.on("message", (reply: WorkerReply) => {
      onReply(reply);
    });
    thread.on("error", (error) => {
      onEnd(`the thread ended with an error: ${error instanceof Error ? error.message : String(error)}`);
    });
    thread.on("exit", (code) => {
      leaveNativeGate(gate);
      onEnd(`the thread ended with code ${String(code)}`);
    });
    return {
      post: (request, handedOver) => {
        thread.postMessage(request, handedOver);
      },
      end: async () => {
        await closeNativeGate(gate);
        await thread.terminate();
      },
    };
  };
}
