import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Handover } from "./handover.ts";
import { workerEntry } from "./worker-entry.ts";
import type { ProcessSettings, SentReply, WorkerSettings } from "./worker-messages.ts";
import type { StartWorker } from "./worker-port.ts";

/** What a worker process prints joins the coordinator's standard error: standard output is for results. */
const stderr = 2;

/**
 * Starts workers as processes of their own, which may crash or be killed alone. Each ends with the coordinator: beside the
 * messages' channel there is a pipe on which nothing is ever said, and whose end tells the process that it is by itself
 * (see `end-with-coordinator.ts`).
 *
 * @param environment variables that they have beside the coordinator's
 */
export function startProcess(
  settings: WorkerSettings,
  handover: Handover,
  environment: Readonly<Record<string, string>> = {},
): StartWorker {
  const all: ProcessSettings = { ...settings, handover: handover.folder };
  return ({ onReply, onEnd }) => {
    const child = fork(fileURLToPath(workerEntry), [JSON.stringify(all)], {
      serialization: "advanced",
      env: { ...process.env, ...environment },
      stdio: ["ignore", stderr, stderr, "ipc", "pipe"],
    });
    let unread: string | null = null;
    let heard = Promise.resolve();
    const hear = async (sent: SentReply): Promise<void> => {
      const reply = await handover.takeUp(sent).catch((error: unknown) => {
        unread ??= `its answer could not be read: ${error instanceof Error ? error.message : String(error)}`;
        child.kill("SIGKILL");
        return null;
      });
      if (reply !== null) onReply(reply);
    };
    const gone = new Promise<void>((resolve) => {
      child.on("error", (error) => {
        if (child.pid !== undefined) return;
        onEnd(`the process could not be started: ${error.message}`);
        resolve();
      });
      child.on("close", (code, signal) => {
        // What it still said before its end is heard first.
        void heard.then(() => {
          onEnd(unread ?? describeEnd(code, signal));
          resolve();
        });
      });
    });
    child.on("message", (sent) => {
      heard = heard.then(() => hear(sent as SentReply));
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
  };
}

function describeEnd(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal === "SIGKILL") return "the process was killed (SIGKILL), as a system does that runs out of memory";
  if (signal !== null) return `the process crashed (${signal})`;
  return `the process ended with code ${String(code)}`;
}
