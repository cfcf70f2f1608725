import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { workerEntry } from "./worker-entry.ts";
import type { WorkerReply, WorkerSettings } from "./worker-messages.ts";
import type { WorkerListener, WorkerPort } from "./worker-port.ts";

/** What a worker process prints joins the coordinator's standard error: standard output is for results. */
const stderr = 2;

/**
 * Starts a worker as a process of its own, which may crash or be killed alone. It ends with the coordinator: beside the
 * messages' channel there is a pipe on which nothing is ever said, and whose end tells the process that it is by itself
 * (see `end-with-coordinator.ts`).
 */
export function startProcess(settings: WorkerSettings, { onReply, onEnd }: WorkerListener): WorkerPort {
  const child = fork(fileURLToPath(workerEntry), [JSON.stringify(settings)], {
    serialization: "advanced",
    stdio: ["ignore", stderr, stderr, "ipc", "pipe"],
  });
  const gone = new Promise<void>((resolve) => {
    child.on("error", (error) => {
      if (child.pid !== undefined) return;
      onEnd(`the process could not be started: ${error.message}`);
      resolve();
    });
    // What it still said before its end has been heard by then.
    child.on("close", (code, signal) => {
      onEnd(describeEnd(code, signal));
      resolve();
    });
  });
  child.on("message", (reply) => {
    onReply(reply as WorkerReply);
  });
  return {
    post: (request) => {
      // A process that is gone is told of by its end.
      child.send(request, () => undefined);
    },
    end: async () => {
      child.kill("SIGKILL");
      await gone;
    },
  };
}

function describeEnd(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal === "SIGKILL") return "the process was killed (SIGKILL), as a system does that runs out of memory";
  if (signal !== null) return `the process crashed (${signal})`;
  return `the process ended with code ${String(code)}`;
}
