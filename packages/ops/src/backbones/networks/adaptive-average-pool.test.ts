import { expect, it } from "vitest";
import { readCnnReference } from "../../../../../tests/ops/reference/cnn_backbones-fixture.ts";
import { hashedValues } from "../../../../../tests/ops/reference/hashed-weights.ts";
import { createGraphBuilder } from "../../onnx/graph-builder.ts";
import { freeDimension } from "../../onnx/shapes.ts";
import { writeModel } from "../../onnx/write-model.ts";
import { openSession } from "../../runtime/session.ts";
import { adaptiveAveragePool } from "./adaptive-average-pool.ts";

it.each(readCnnReference().pools)(
  "pools $height x $width places to 7 x 7 as torch does",
  async ({ height, width, values }) => {
    const graph = createGraphBuilder();
    const map = graph.input("map", [freeDimension("batch"), 1, height, width]);
    graph.output("pooled", adaptiveAveragePool(graph, map, { height: 7, width: 7 }));
    const model = await writeModel(graph.toModel("adaptive average pool"));
    const session = await openSession({ model: { data: model, name: null }, threads: 1 });
    const data = Float32Array.from(hashedValues("map", height * width));
    const found = (await session.run({ map: { data, dims: [1, 1, height, width] } }, ["pooled"])).get("pooled");
    await session.close();
    expect(found?.dims).toEqual([1, 1, 7, 7]);
    for (const [place, value] of values.entries()) expect(found?.data[place]).toBeCloseTo(value, 6);
  },
);

it("leaves a map of the size as it is", () => {
  const graph = createGraphBuilder();
  const map = graph.input("map", [freeDimension("batch"), 512, 7, 7]);
  expect(adaptiveAveragePool(graph, map, { height: 7, width: 7 })).toBe(map);
});
