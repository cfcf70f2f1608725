import { expect, it } from "vitest";
import { openSession } from "../../runtime/session.ts";
import { createGraphBuilder } from "../graph-builder.ts";
import { writeModel } from "../write-model.ts";
import { sgd, type SgdOptions } from "./sgd.ts";

/** One step of three columns at rates and decays of their own. */
async function step(
  options: SgdOptions,
  change: number | null = null,
): Promise<Readonly<Record<string, readonly number[]>>> {
  const graph = createGraphBuilder();
  const optimiser = sgd(options);
  const input = (name: string) => graph.input(name, [3]);
  const after = optimiser.update(graph, {
    parameter: input("w"),
    slots: optimiser.slots.map(input),
    gradient: input("g"),
    factors: [],
    rate: input("rate"),
    weightDecay: input("decay"),
    rateChange: change === null ? null : graph.scalar(change),
  });
  graph.output("next", after.parameter);
  after.slots.forEach((slot, place) => graph.output(`next ${optimiser.slots[place] ?? ""}`, slot));
  const session = await openSession({ model: { data: await writeModel(graph.toModel("step")), name: null } });
  const values = { w: [1, 2, 4], velocity: [2, 0, 1], g: [1, 1, -1], rate: [0.5, 1, 0.25], decay: [0, 0.5, 1] };
  const feeds = Object.entries(values)
    .filter(([name]) => session.inputs.some((slot) => slot.name === name))
    .map(([name, list]) => [name, { data: Float32Array.from(list), dims: [3] }] as const);
  const names = session.outputs.map(({ name }) => name);
  const results = await session.run(Object.fromEntries(feeds), names);
  await session.close();
  return Object.fromEntries([...results].map(([name, { data }]) => [name, [...data]]));
}

// Worked out by hand: decayed gradients are 1, 2 and 3.
it("is torch.optim.SGD with momentum", async () => {
  expect(await step({ momentum: 0.5 })).toEqual({ next: [0, 0, 3.125], "next velocity": [2, 2, 3.5] });
});

it("looks ahead with Nesterov's momentum", async () => {
  expect(await step({ momentum: 0.5, nesterov: true })).toEqual({
    next: [0, -1, 2.8125],
    "next velocity": [2, 2, 3.5],
  });
});

it("carries nothing without momentum", async () => {
  expect(await step({ momentum: 0 })).toEqual({ next: [0.5, 0, 3.25] });
});

// The gradient comes as rate · g, the velocity as the rate of the step before (half of this one's) times itself.
it("carries rates times velocities where gradients come so", async () => {
  const { next, "next velocity": velocity } = await step({ momentum: 0.5 }, 2);
  expect(next).toEqual([1 - (2 * 0.5 * 2 + 1), 2 - (0 + 1 + 1 * 0.5 * 2), 4 - (2 * 0.5 * 1 - 1 + 0.25 * 1 * 4)]);
  expect(velocity).toEqual([3, 2, 1]);
});
