import { describe, expect, it } from "vitest";
import { openSession } from "../runtime/session.ts";
import { exposeTensors, listTensors, requireTensor } from "./expose-tensor.ts";
import { createGraphBuilder } from "./graph-builder.ts";
import { add, multiply } from "./operators/arithmetic.ts";
import { readModel } from "./read-model.ts";
import { writeModel } from "./write-model.ts";

async function threeSteps(): Promise<Uint8Array> {
  const graph = createGraphBuilder();
  const x = graph.input("x", [3]);
  const doubled = multiply(graph, x, graph.scalar(2));
  const shifted = add(graph, doubled, graph.scalar(1));
  graph.output("features", multiply(graph, shifted, graph.scalar(1)));
  return writeModel(graph.toModel("three steps"));
}

describe("exposeTensors", () => {
  it("lets an inner tensor be asked for, beside the old outputs", async () => {
    const model = await exposeTensors(await threeSteps(), ["Mul:0"]);
    const session = await openSession({ model: { data: model, name: null }, threads: 1 });
    const x = { data: Float32Array.of(1, -2, 0.5), dims: [3] };
    const results = await session.run({ x }, ["Mul:0", "features"]);
    await session.close();
    expect(results.get("Mul:0")).toMatchObject({ data: Float32Array.of(2, -4, 1), dims: [3] });
    expect(results.get("features")?.data).toEqual(Float32Array.of(3, -3, 2));
    expect(listTensors(await readModel(model, "m"))).toEqual({ outputs: ["features", "Mul:0"], inner: ["Add:1"] });
  });
});

describe("requireTensor", () => {
  it("names the nearest tensor and lists the outputs", async () => {
    const tensors = listTensors(await readModel(await threeSteps(), "m"));
    expect(tensors).toEqual({ outputs: ["features"], inner: ["Mul:0", "Add:1"] });
    requireTensor(tensors, "Mul:0", "net.onnx");
    expect(() => requireTensor(tensors, "featuers", "net.onnx")).toThrow(
      expect.objectContaining({
        code: "onnx-no-such-output",
        message: 'net.onnx has no output and no inner tensor "featuers". Did you mean "features"?',
        hint: "Its outputs: features. Besides them, each of its 2 inner tensors can be named.",
      }),
    );
    expect(() => requireTensor(tensors, "pooler_output", "net.onnx")).toThrow(/"pooler_output"\.$/);
  });
});
