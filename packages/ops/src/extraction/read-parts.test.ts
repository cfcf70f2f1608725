import { expect, it } from "vitest";
import type { OutputTensor } from "../artifacts/backbone.ts";
import { readParts } from "./read-parts.ts";

const tensor = (dims: readonly number[]) => ({
  dims,
  data: Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, index) => index),
});

const part = (name: string, reduce: OutputTensor["reduce"], prefixTokens = 0): OutputTensor => ({
  tensor: name,
  part: `${name} ${reduce}`,
  reduce,
  prefixTokens,
});

it("reads all parts of each row, one after the other, and no more rows than asked for", () => {
  const outputs = [
    part("vector", "none"),
    part("tokens", "class-token"),
    part("tokens", "patch-mean", 2),
    part("map", "spatial-mean"),
  ];
  const layout = { parts: outputs.map(({ part: name }) => ({ name, width: 2 })), defaultPart: "vector none" };
  const tensors = new Map([
    ["vector", tensor([3, 2])],
    ["tokens", tensor([3, 4, 2])],
    ["map", tensor([3, 2, 2, 3])],
  ]);
  const rows = readParts({ outputs, layout }, tensors, 2);
  expect([...rows]).toEqual([0, 1, 0, 1, 5, 6, 2.5, 8.5, 2, 3, 8, 9, 13, 14, 14.5, 20.5]);
});

it.each([
  ["other rows", [2, 4]],
  ["fewer rows", [1, 3]],
])("refuses a tensor with %s than the backbone's", (_, dims) => {
  const outputs = [part("vector", "none")];
  const layout = { parts: [{ name: "vector none", width: 3 }], defaultPart: "vector none" };
  const reading = () => readParts({ outputs, layout }, new Map([["vector", tensor(dims)]]), 2);
  expect(reading).toThrow(expect.objectContaining({ code: "backbone-changed" }));
  expect(reading).toThrow(`[${dims.join(", ")}]`);
});
