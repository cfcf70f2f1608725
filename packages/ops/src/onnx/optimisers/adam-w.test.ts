import { expect, it } from "vitest";
import { createGraphBuilder, type GraphBuilder, type GraphTensor } from "../graph-builder.ts";
import { adamW } from "./adam-w.ts";

/** The nodes of a step of a parameter of 1,000 entries. */
function update(options: { readonly hasDecay?: boolean; readonly rateChange?: number }): GraphBuilder {
  const graph = createGraphBuilder();
  const optimiser = adamW();
  const single = (name: string): GraphTensor => graph.input(name, []);
  optimiser.update(graph, {
    parameter: graph.input("w", [1000]),
    slots: optimiser.slots.map((name) => graph.input(name, [1000])),
    gradient: graph.input("g", [1000]),
    factors: optimiser.factors.map(({ name }) => single(name)),
    rate: single("rate"),
    weightDecay: options.hasDecay ? single("decay") : null,
    rateChange: options.rateChange === undefined ? null : graph.scalar(options.rateChange),
  });
  return graph;
}

it.each([
  [false, 10],
  [true, 11],
])("passes over a parameter as seldom as it says, with decay: %s", (hasDecay, passes) => {
  const sizes = update({ hasDecay }).nodes.flatMap(({ outputs }) => outputs.map(({ shape }) => shape.length));
  expect(sizes.filter((rank) => rank === 1)).toHaveLength(passes);
});

it("refuses gradients that were multiplied by the rate", () => {
  expect(() => update({ rateChange: 1 })).toThrow("do not scale with gradients");
});
