import { describe, expect, it } from "vitest";
import { openSession } from "../../runtime/session.ts";
import { createGraphBuilder } from "../graph-builder.ts";
import { interpret } from "../interpreter/interpret.ts";
import { tensorOf } from "../interpreter/tensor.ts";
import { writeModel } from "../write-model.ts";
import { clipByGlobalNorm } from "./clip-gradients.ts";

type Pair = readonly [readonly number[], number];
type Clip = (gradients: Pair, largest: number) => Promise<{ readonly gradients: Pair; readonly norm: number }>;

function build(largest: number, type: "float32" | "float64") {
  const graph = createGraphBuilder();
  const inputs = [graph.input("list", [2], type), graph.input("single", [], type)];
  const { gradients, norm } = clipByGlobalNorm(graph, inputs, { largest });
  ["list", "single"].forEach((name, place) => graph.output(`clipped ${name}`, gradients[place]!));
  graph.output("norm", norm);
  return graph.toModel("clip");
}

const names = ["clipped list", "clipped single", "norm"];

const engines: Readonly<Record<"onnxruntime" | "interpreter", Clip>> = {
  async onnxruntime([list, single], largest) {
    const model = { data: await writeModel(build(largest, "float32")), name: null };
    const session = await openSession({ model, threads: 1 });
    const feeds = {
      list: { data: Float32Array.from(list), dims: [2] },
      single: { data: Float32Array.of(single), dims: [] },
    };
    const results = await session.run(feeds, names);
    await session.close();
    const [first, second, norm] = names.map((name) => [...results.get(name)!.data]);
    return { gradients: [first!, second![0]!], norm: norm![0]! };
  },
  interpreter([list, single], largest) {
    const { graph } = build(largest, "float64");
    const results = interpret(
      graph,
      new Map([
        ["list", tensorOf([2], list)],
        ["single", tensorOf([], [single])],
      ]),
    );
    const [first, second, norm] = names.map((name) => [...results.get(name)!.data]);
    return Promise.resolve({ gradients: [first!, second![0]!], norm: norm![0]! });
  },
};

// A number beside each whose square is too large for its floats.
describe.each([
  ["onnxruntime", 1e30],
  ["interpreter", 1e200],
] as const)("in %s", (engine, large) => {
  const clip = engines[engine];

  it("scales all gradients down to the norm asked for", async () => {
    const { gradients, norm } = await clip([[2, -3], 6], 3.5);
    expect(norm).toBe(7);
    [...gradients[0], gradients[1]].forEach((value, at) => expect(value).toBeCloseTo([1, -1.5, 3][at]!, 6));
  });

  it("moves no bit of gradients that are small enough", async () => {
    expect(await clip([[2, -3], 6], 7.5)).toEqual({ gradients: [[2, -3], 6], norm: 7 });
    expect(await clip([[0, 0], 0], 1)).toEqual({ gradients: [[0, 0], 0], norm: 0 });
  });

  it.each([Infinity, -Infinity, NaN, large])("hides no norm of gradients with %f", async (value) => {
    const { gradients, norm } = await clip([[1, value], 2], 1);
    expect(norm).toBe(Number.isNaN(value) ? NaN : Infinity);
    expect(gradients).toEqual([[NaN, NaN], NaN]);
  });
});
