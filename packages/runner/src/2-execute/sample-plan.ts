import type { Op } from "@exp-lab/ops";
import type { PlannedTask } from "../1-plan/plan.ts";

/** A plan for tests, in which all is to run: tasks by name, each with the names of its inputs, in order. */
export function samplePlan(tasks: Readonly<Record<string, readonly string[]>>): readonly PlannedTask[] {
  const origin = { file: "test.exp", line: 1, column: 1 };
  return Object.entries(tasks).map(([id, inputs]) => ({
    task: {
      ...{ id, op: "step", label: id, params: {}, axes: {}, origin, paramOrigins: {} },
      inputs: Object.fromEntries(inputs.map((input) => [input, input])),
    },
    ...{ op, status: "miss", question: null, answer: null, former: null, examples: null },
  }));
}

const op: Op = {
  signature: { name: "step", version: 1, summary: "A step.", use: "metric", params: {}, inputs: {}, output: "score" },
  ...{ shape: "single", deterministic: true, libraries: [] },
  run: () => Promise.reject(new Error("Nothing runs here.")),
};
