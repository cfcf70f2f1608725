import { fork } from "node:child_process";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { LaneAnswer, LaneQuestion, LaneSetup } from "./lane-messages.ts";

/** Some lanes that run the same graph at the same time, as the lanes of an extraction do. */
export interface Lanes {
  /** Passes a batch of hashed numbers once on every lane: values of the first output. Later passes are of this batch. */
  pass(batch: number): Promise<Float32Array>;
  /** Passes a second of all lanes together, until the last of them has ended its last pass. */
  passesPerSecond(seconds: number): Promise<number>;
  close(): Promise<void>;
}

interface Lane {
  ask(message: LaneSetup | LaneQuestion): Promise<LaneAnswer>;
  close(): Promise<unknown>;
}

const entry = new URL("./lane-main.js", import.meta.url);

/** Lanes on the CPU are threads, and on a device processes, as they are in a run. @throws Error where one cannot be opened */
export async function openLanes(count: number, setup: LaneSetup): Promise<Lanes> {
  const lanes = Array.from({ length: count }, () => (setup.device === "cpu" ? startThread() : startProcess()));
  const close = async (): Promise<void> => {
    await Promise.all(lanes.map((lane) => lane.close()));
  };
  const askAll = async <Say extends LaneAnswer["say"]>(message: LaneSetup | LaneQuestion, say: Say) =>
    Promise.all(lanes.map(async (lane) => expectAnswer(await lane.ask(message), say)));
  try {
    await askAll(setup, "open");
  } catch (error) {
    await close();
    throw error;
  }
  return {
    pass: async (batch) => (await askAll({ ask: "pass", batch }, "passed"))[0]!.values,
    passesPerSecond: async (seconds) => {
      const started = performance.now();
      const answers = await askAll({ ask: "repeat", seconds }, "repeated");
      const passes = answers.reduce((sum, answer) => sum + answer.passes, 0);
      return (passes * 1000) / (performance.now() - started);
    },
    close,
  };
}

function expectAnswer<Say extends LaneAnswer["say"]>(answer: LaneAnswer, say: Say): LaneAnswer & { readonly say: Say } {
  if (answer.say === say) return answer as LaneAnswer & { readonly say: Say };
  throw new Error(answer.say === "failed" ? answer.message : `A lane says "${answer.say}" instead of "${say}".`);
}

function startThread(): Lane {
  const worker = new Worker(entry);
  return {
    ask: (message) =>
      new Promise((resolve, reject) => {
        worker.once("error", reject);
        worker.once("message", (answer: LaneAnswer) => {
          worker.off("error", reject);
          resolve(answer);
        });
        worker.postMessage(message);
      }),
    close: () => worker.terminate(),
  };
}

function startProcess(): Lane {
  const child = fork(fileURLToPath(entry), [], {
    serialization: "advanced",
    // Figures are printed on standard output.
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    // Mesa's part of Vulkan complains where this is not set.
    env: { ...process.env, XDG_RUNTIME_DIR: process.env["XDG_RUNTIME_DIR"] ?? tmpdir() },
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  return {
    ask: (message) =>
      new Promise((resolve, reject) => {
        const onClose = (code: number | null): void => reject(new Error(`A lane ended with ${String(code)}.`));
        child.once("close", onClose);
        child.once("message", (answer) => {
          child.off("close", onClose);
          resolve(answer as LaneAnswer);
        });
        child.send(message);
      }),
    close: async () => {
      child.kill();
      await ended;
    },
  };
}
