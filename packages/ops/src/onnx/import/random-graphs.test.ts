import * as fc from "fast-check";
import { expect, it } from "vitest";
import { createGraphBuilder, type GraphTensor } from "../graph-builder.ts";
import type { OnnxModel } from "../onnx-model.ts";
import { readModel } from "../read-model.ts";
import { writeModel } from "../write-model.ts";
import { applyModel } from "./apply-model.ts";
import { addRandomNodes, type Step } from "./import-testing/random-graph.ts";
import { run, type NamedValues } from "./import-testing/run-applied.ts";
import { floats } from "./import-testing/values.ts";

const sizes = fc.integer({ min: 1, max: 4 });
const shapes = fc.oneof(fc.array(sizes, { maxLength: 4 }), fc.tuple(sizes, sizes, sizes, sizes));
const steps = fc.array(fc.array(fc.nat(), { minLength: 8, maxLength: 8 }), { minLength: 5, maxLength: 30 });

interface RandomGraph {
  readonly model: OnnxModel;
  readonly inputs: NamedValues;
  /** Of the model, by name. */
  readonly outputs: ReadonlyMap<string, GraphTensor>;
}

function randomGraph(given: readonly (readonly number[])[], drawn: readonly Step[]): RandomGraph {
  const graph = createGraphBuilder();
  const inputs = Object.fromEntries(given.map((shape, place) => [`input ${place}`, floats(shape, `input ${place}`)]));
  const read = Object.entries(inputs).map(([name, { shape }]) => graph.input(name, shape));
  const tensors = addRandomNodes(graph, read, drawn);
  tensors.forEach((tensor, place) => graph.output(`output ${place}`, tensor));
  const outputs = new Map(tensors.map((tensor, place) => [`output ${place}`, tensor] as const));
  return { model: graph.toModel("random"), inputs, outputs };
}

/** The same graph, as a file that is applied. */
async function applied({ model, inputs, outputs }: RandomGraph): Promise<RandomGraph> {
  const graph = createGraphBuilder();
  const given = Object.entries(inputs).map(([name, { shape }]) => [name, graph.input(name, shape)] as const);
  const read = await readModel(await writeModel(model), "random.onnx");
  const use = { file: "random.onnx", inputs: Object.fromEntries(given), tensors: [...outputs.keys()] };
  const results = applyModel(graph, read, use);
  for (const [name, tensor] of results) graph.output(name, tensor);
  return { model: graph.toModel("applied"), inputs, outputs: results };
}

function runAll({ model, inputs, outputs }: RandomGraph) {
  return run(model, inputs, [...outputs.keys()]);
}

it("foretells the shapes of random graphs, and gives their values again where it applies them", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(shapes, { minLength: 1, maxLength: 2 }), steps, async (given, drawn) => {
      const graph = randomGraph(given, drawn);
      const again = await applied(graph);
      const [found, repeated] = [await runAll(graph), await runAll(again)];
      expect([...graph.outputs.values()].map(({ shape }) => shape)).toEqual(found.map(({ shape }) => shape));
      expect([...again.outputs.values()].map(({ shape }) => shape)).toEqual(found.map(({ shape }) => shape));
      expect(found.flatMap(({ values }, place) => farther(repeated[place]!.values, values))).toEqual([]);
    }),
    { numRuns: 150, seed: 20 },
  );
});

function farther(values: readonly number[], expected: readonly number[]) {
  return expected.flatMap((value, place) => {
    const isSame =
      Object.is(values[place], value) || Math.abs(values[place]! - value) <= 1e-5 * Math.max(1, Math.abs(value));
    return isSame ? [] : [{ value: values[place], expected: value }];
  });
}
