/** One lane of an extraction without its images: a thread, or a process, with a session of its own that passes hashed numbers. */
import { parentPort } from "node:worker_threads";
import { openSession, type Session } from "@exp-lab/ops";
import { hashedValues } from "../../ops/reference/hashed-weights.ts";
import type { LaneAnswer, LaneQuestion, LaneSetup } from "./lane-messages.ts";

interface OpenLane extends LaneSetup {
  readonly session: Session;
}

type Batch = Parameters<Session["run"]>[0];

let lane: OpenLane | null = null;
let inputs: Batch = {};

if (parentPort === null) process.on("message", (message) => void hear(message));
else parentPort.on("message", (message) => void hear(message));

async function hear(message: unknown): Promise<void> {
  let answer: LaneAnswer;
  try {
    answer = lane === null ? await open(message as LaneSetup) : await reply(lane, message as LaneQuestion);
  } catch (error) {
    answer = { say: "failed", message: error instanceof Error ? error.message : String(error) };
  }
  if (parentPort === null) process.send?.(answer);
  else parentPort.postMessage(answer);
}

async function open(setup: LaneSetup): Promise<LaneAnswer> {
  const { source: model, device, threads } = setup;
  lane = { ...setup, session: await openSession({ model, device, threads }) };
  return { say: "open" };
}

async function reply({ session, input, shape, outputs }: OpenLane, question: LaneQuestion): Promise<LaneAnswer> {
  if (question.ask === "pass") {
    const dims = [question.batch, ...shape];
    const count = dims.reduce((product, size) => product * size, 1);
    inputs = { [input]: { data: Float32Array.from(hashedValues("x", count)), dims } };
    const results = await session.run(inputs, outputs);
    return { say: "passed", values: results.get(outputs[0] ?? "")?.data ?? new Float32Array() };
  }
  const started = performance.now();
  let passes = 0;
  for (; performance.now() - started < question.seconds * 1000; passes += 1) await session.run(inputs, outputs);
  return { say: "repeated", passes };
}
