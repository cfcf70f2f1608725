import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createGraphBuilder } from "../onnx/graph-builder.ts";
import type { OnnxModel } from "../onnx/onnx-model.ts";
import { multiply } from "../onnx/operators/arithmetic.ts";
import { gather } from "../onnx/operators/indexing.ts";
import { freeDimension } from "../onnx/shapes.ts";
import { writeModel } from "../onnx/write-model.ts";
import { describeRuntime } from "./describe-runtime.ts";
import { collectEvidence } from "./find-lack.ts";
import { openSession } from "./session.ts";

function doubling(): OnnxModel {
  const graph = createGraphBuilder();
  const x = graph.input("x", [freeDimension("batch"), 2]);
  graph.output("y", multiply(graph, x, graph.weight("w", Float32Array.of(2, 4), [2])));
  return graph.toModel("doubling");
}

it("runs a model from bytes and tells its slots and who ran it", async () => {
  const session = await openSession({ model: { data: await writeModel(doubling()), name: "m.onnx" } });
  expect(session.inputs).toEqual([{ name: "x", type: "float32", dims: [null, 2] }]);
  expect(session.outputs).toEqual([{ name: "y", type: "float32", dims: [null, 2] }]);
  expect(session.madeBy).toMatch(/^cpu onnxruntime \d+\.\d+\.\d+$/);
  const results = await session.run({ x: { data: Float32Array.of(1, 2, 3, 4), dims: [2, 2] } }, ["y"]);
  expect(results.get("y")).toEqual({ data: Float32Array.of(2, 8, 6, 16), dims: [2, 2] });
  const wrong = session.run({ x: { data: Float32Array.of(1, 2, 3), dims: [1, 3] } }, ["y"]);
  await expect(wrong).rejects.toMatchObject({ code: "onnx-run-failed" });
  await expect(wrong).rejects.toThrow(/^onnxruntime cannot run m\.onnx: .*3.*2/);
  await session.close();
});

it("takes weights from a file beside the model, by path and with the model in bytes", async () => {
  const folder = await mkdtemp(join(tmpdir(), "session-"));
  const externalData = [
    { key: "location", value: "w.bin" },
    { key: "offset", value: "0" },
    { key: "length", value: "8" },
  ];
  const { graph, ...rest } = doubling();
  const initializer = [{ name: "w", dataType: 1, dims: [2], dataLocation: 1, externalData }];
  const bytes = await writeModel({ ...rest, graph: { ...graph, initializer } });
  await writeFile(join(folder, "w.bin"), Float32Array.of(5, 7));
  await writeFile(join(folder, "m.onnx"), bytes);
  const externalFiles = [{ location: "w.bin", path: join(folder, "w.bin") }];
  for (const model of [{ data: join(folder, "m.onnx") }, { data: bytes, externalFiles }]) {
    const session = await openSession({ model: { ...model, name: "m.onnx" } });
    const results = await session.run({ x: { data: Float32Array.of(1, 1), dims: [1, 2] } }, ["y"]);
    expect(results.get("y")?.data).toEqual(Float32Array.of(5, 7));
    await session.close();
  }
  await rm(folder, { recursive: true });
});

it("blames the user's model by name, and lets errors of our own graphs pass", async () => {
  const { graph, ...rest } = doubling();
  const bytes = await writeModel({
    ...rest,
    graph: { ...graph, node: [{ opType: "Imagined", input: ["x"], output: ["y"] }] },
  });
  const opening = openSession({ model: { data: bytes, name: "odd.onnx" } });
  await expect(opening).rejects.toMatchObject({ name: "OpError", code: "onnx-load-failed" });
  await expect(opening).rejects.toThrow(/odd\.onnx: .*Imagined/);
  await expect(openSession({ model: { data: bytes, name: null } })).rejects.toMatchObject({ name: "Error" });
});

it("takes and gives tensors of other types where they are asked for", async () => {
  const graph = createGraphBuilder();
  const places = graph.input("places", [2], "int64");
  const table = graph.input("table", [3], "float64");
  graph.output("chosen", gather(graph, table, { indices: places, axis: 0 }));
  graph.output("same", places);
  const session = await openSession({
    model: { data: await writeModel(graph.toModel("types")), name: null },
    use: "training",
  });
  const inputs = {
    places: { data: BigInt64Array.of(2n, 0n), dims: [2] },
    table: { data: Float64Array.of(0.1, 0.2, 0.3), dims: [3] },
  };
  const results = await session.evaluate(inputs, ["chosen", "same"]);
  expect(results.get("chosen")).toEqual({ data: Float64Array.of(0.3, 0.1), dims: [2] });
  expect(results.get("same")).toEqual({ data: BigInt64Array.of(2n, 0n), dims: [2] });
  await expect(session.run(inputs, ["chosen"])).rejects.toThrow('The output "chosen" of the graph is of type float64');
  await session.close();
});

it.skipIf(collectEvidence("cuda").hasProvider)("says what a device lacks that it cannot have", async () => {
  const opening = openSession({ model: { data: await writeModel(doubling()), name: null }, device: "cuda" });
  await expect(opening).rejects.toMatchObject({ name: "OpError", code: "device-unavailable" });
  await expect(opening).rejects.toThrow(/^The device cuda cannot be used: .*CUDA/);
});

it("describes the engine", async () => {
  const { version, backends } = await describeRuntime();
  expect(version).toMatch(/^onnxruntime \d+\./);
  expect(backends).toContainEqual({ name: "cpu", bundled: true });
});
