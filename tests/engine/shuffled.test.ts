import { setImmediate } from "node:timers/promises";
import { expect, it } from "vitest";
import { OpError, type OpContext, type SingleOp } from "@exp-lab/ops";
import {
  createInProcessExecutor,
  openMemoryStore,
  type Executor,
  type RunEvent,
  type TaskOutcome,
} from "@exp-lab/runner";
import { randomFrom } from "../random/random-from.ts";
import { createBench, program, type Bench } from "./run-program.ts";

/** Three backbones, heads with a search among them, and one head that fails on every backbone. */
const wide = program
  .replace("head near", "backbone two = scale { factor: 2 }\nbackbone three = scale { factor: 3 }\nhead near")
  .replace(
    "head logit = logistic { c: 1 }",
    "head logit = logistic { search { over { c: [0.1, 1, 10] }  select: max val.auroc } }",
  )
  .replace("sweep all", "head broken = knn { k: 5 }\nsweep all")
  .replace("[one]", "[one, two, three]")
  .replace("[near, logit]", "[near, logit, broken]");

/**
 * Ops of which no two tasks have inputs of the same bytes. Of the others, whether the second task finds the first one's answer
 * by its bytes hangs on the schedule, and its answer does not; so does which extraction makes a row, and not how many.
 */
const ownInputs: ReadonlySet<string> = new Set(["lines", "split", "scale", "logistic", "knn"]);

const schedules = 40;

it("a run comes to the same end however its tasks are scheduled", { timeout: 60_000 }, async () => {
  const usual = await runShuffled(1, null);
  expect(usual.failed).toBe(3);
  const orders = new Set<string>();
  for (let seed = 1; seed <= schedules; seed += 1) {
    const { order, ...end } = await runShuffled(1 + (seed % 4), randomFrom(seed));
    expect({ ...end, order: usual.order }, `seed ${String(seed)}`).toEqual(usual);
    orders.add(order);
  }
  // Schedules that are all alike would prove nothing.
  expect(orders.size).toBeGreaterThan(schedules / 2);
});

interface ShuffledEnd {
  readonly text: string;
  readonly failed: number;
  readonly forwardPasses: number;
  /** The digest of each task's answer, or how else it ended, by label. */
  readonly outcomes: readonly string[];
  /** How often each op was called. */
  readonly calls: readonly string[];
  /** The tasks in the order in which they ended. */
  readonly order: string;
}

async function runShuffled(slots: number, random: (() => number) | null): Promise<ShuffledEnd> {
  const bench = createBench(openMemoryStore());
  breakFive(bench);
  const executor = withDelays(createInProcessExecutor(bench.ops), slots, random);
  const labels = new Map<string, string>();
  const listen = (event: RunEvent): void => {
    if (event.event === "task.finished") labels.set(event.task, event.label);
  };
  const run = await bench.run(wide, undefined, listen, undefined, { executor });
  const { failed, forwardPasses } = run.summary;
  const calls = [...bench.counts.calls]
    .filter(([op]) => ownInputs.has(op))
    .map(([op, count]) => `${op} ${String(count)}`);
  const outcomes = [...run.outcomes].map(([id, end]) => `${labels.get(id) ?? id}: ${describeEnd(end)}`);
  bench.close();
  const order = [...labels.values()].join(", ");
  return { text: run.text, failed, forwardPasses, outcomes: outcomes.sort(), calls: calls.sort(), order };
}

function describeEnd(end: TaskOutcome): string {
  if (end.outcome === "failed") return end.failure.message;
  return end.outcome === "computed" || end.outcome === "cached" ? end.answer.artifact : end.outcome;
}

/** Five neighbours are too many, on any backbone. */
function breakFive(bench: Bench): void {
  const knn = bench.ops.get("knn") as SingleOp;
  bench.ops.set("knn", {
    ...knn,
    run: (context: OpContext) => {
      if (context.params["k"] === 5) throw new OpError("too-many", "Five are too many.", null);
      return knn.run(context);
    },
  });
}

/** Makes each call last a while that is drawn, so that others overtake it. */
function withDelays(executor: Executor, slots: number, random: (() => number) | null): Executor {
  const dawdle = async (): Promise<void> => {
    for (let turns = random === null ? 0 : Math.floor(random() * 12); turns > 0; turns -= 1) await setImmediate();
  };
  const during = async <Value>(work: () => Promise<Value>): Promise<Value> => {
    await dawdle();
    const value = await work();
    await dawdle();
    return value;
  };
  return {
    ...executor,
    slots,
    call: (call, hooks) => during(() => executor.call(call, hooks)),
    open: (call, hooks) =>
      during(async () => {
        const opened = await executor.open(call, hooks);
        if (!opened.ok) return opened;
        const { extractor } = opened;
        return {
          ok: true,
          extractor: { ...extractor, extract: (examples) => during(() => extractor.extract(examples)) },
        };
      }),
  };
}
