import { describe, expect, it } from "vitest";
import { createGraphBuilder } from "./graph-builder.ts";
import type { OnnxModel } from "./onnx-model.ts";
import { multiply } from "./operators/arithmetic.ts";
import { numberOf, readModel } from "./read-model.ts";
import { freeDimension } from "./shapes.ts";
import { writeModel } from "./write-model.ts";

function smallModel(): OnnxModel {
  const graph = createGraphBuilder();
  const x = graph.input("x", [freeDimension("batch"), 2]);
  graph.output("y", multiply(graph, x, graph.weight("w", Float32Array.of(2, -3), [2])));
  return graph.toModel("small");
}

describe("readModel", () => {
  it("gives back what was written, to the byte", async () => {
    const bytes = await writeModel(smallModel());
    const model = await readModel(bytes, "small.onnx");
    expect(await writeModel(model)).toEqual(bytes);
    expect(model.graph.node?.map(({ opType }) => opType)).toEqual(["Mul"]);
    expect(model.graph.input?.[0]?.type?.tensorType?.shape?.dim?.map(({ dimParam }) => dimParam)).toEqual([
      "batch",
      "",
    ]);
    expect(model.opsetImport?.map(({ version }) => numberOf(version))).toEqual([20]);
  });

  it("keeps fields that the schema does not know, zeros that are written, and integers beyond 2^53", async () => {
    const ints = { name: "ends", type: 7, ints: [{ low: -1, high: 0x7fffffff, unsigned: false }, -1] };
    const axis = { name: "axis", type: 2, i: 0 };
    const model = smallModel();
    const node = { opType: "Odd", output: ["z"], attribute: [axis, ints] };
    const bytes = await writeModel({ ...model, graph: { ...model.graph, node: [...(model.graph.node ?? []), node] } });
    // Field 999 of the model with the varint 1: three bytes.
    const extended = Uint8Array.from([...bytes, 0xb8, 0x3e, 0x01]);
    expect(await writeModel(await readModel(extended, "odd.onnx"))).toEqual(extended);
    const attributes = (await readModel(extended, "odd.onnx")).graph.node?.at(-1)?.attribute;
    expect(attributes?.[0]).toHaveProperty("i");
    expect(attributes?.[1]?.ints?.[0]).toMatchObject({ low: -1, high: 0x7fffffff });
    expect(numberOf(attributes?.[1]?.ints?.[1])).toBe(-1);
  });

  it.each([
    ["nothing", "", "is empty"],
    ["a Git LFS pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:0", "Git LFS pointer"],
    ["a PyTorch checkpoint", "PK\u0003\u0004data", "zip archive"],
    ["safetensors", '\u0010\0\0\0\0\0\0\0{"a":{"dtype":"F32"}}', "safetensors"],
    ["a web page", "<!DOCTYPE html><html>", "web page"],
    ["text", "these are no weights at all", "not an ONNX model"],
  ])("says what %s is", async (_, content, words) => {
    const reading = readModel(Buffer.from(content, "latin1"), "mine.onnx");
    await expect(reading).rejects.toMatchObject({ code: "onnx-unreadable" });
    await expect(reading).rejects.toThrow(words);
    await expect(reading).rejects.toThrow("mine.onnx");
  });

  it("refuses a file that is cut short", async () => {
    const bytes = await writeModel(smallModel());
    await expect(readModel(bytes.subarray(0, bytes.length - 30), "cut.onnx")).rejects.toThrow("cut short");
  });
});
