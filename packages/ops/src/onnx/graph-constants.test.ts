import { describe, expect, it } from "vitest";
import { createConstants } from "./graph-constants.ts";
import { elementTypes } from "./onnx-model.ts";

function names({ tensors }: ReturnType<typeof createConstants>): readonly string[] {
  return [...tensors.keys()];
}

describe("constants", () => {
  it("are stored once where type, shape and values are the same", () => {
    const constants = createConstants();
    const { makers } = constants;
    const matrix = Array.from({ length: 80 }, (_, at) => at / 2);
    for (let time = 0; time < 2; time += 1) {
      makers.integers([1, 2]);
      makers.constant([1, 2], { type: "int64", shape: [2] });
      makers.constant([1, 2], { type: "int64", shape: [1, 2] });
      makers.constant([1, 2], { type: "int32", shape: [2] });
      makers.integers(1);
      makers.floats([0]);
      makers.floats([-0]);
      makers.scalar(0.5, "float16");
      makers.constant(matrix, { type: "float32", shape: [8, 10] });
      makers.constant(matrix, { type: "float32", shape: [10, 8] });
    }
    expect(names(constants)).toHaveLength(9);
  });

  it("know their values as the type holds them", () => {
    const { makers } = createConstants();
    expect(makers.valuesOf(makers.constant([1.9, -1.9], { type: "int64", shape: [2] }))).toEqual([1, -1]);
    expect(makers.valuesOf(makers.scalar(0.1))).toEqual([Math.fround(0.1)]);
    expect(makers.valuesOf(makers.constant([0.2, 0], { type: "bool", shape: [2, 1] }))).toEqual([1, 0]);
    expect(makers.valuesOf(makers.constant([2 ** 31], { type: "int32", shape: [1] }))).toEqual([-(2 ** 31)]);
    const bound = makers.integers([2 ** 63]);
    expect(makers.integersOf(bound)).toEqual([2 ** 63]);
    expect(makers.floatsOf(bound)).toBeNull();
  });

  it("keep the largest whole numbers what they are", () => {
    const constants = createConstants();
    const { name } = constants.makers.integers([2 ** 63, -(2 ** 63)]);
    const { buffer } = new Uint8Array(constants.tensors.get(name)!.rawData!);
    expect([...new BigInt64Array(buffer)]).toEqual([2n ** 63n - 1n, -(2n ** 63n)]);
  });

  it("fill their shape", () => {
    const { makers } = createConstants();
    expect(() => makers.constant([1, 2], { type: "float32", shape: [3] })).toThrow("2 values do not fill [3].");
  });
});

describe("tensors of model files", () => {
  const tensor = {
    name: "w",
    dataType: elementTypes.float32,
    dims: [2],
    rawData: Uint8Array.of(0, 0, 128, 63, 0, 0, 0, 64),
  };

  it("are stored once, also where the file was read twice", () => {
    const constants = createConstants();
    const stored = [tensor, tensor, { ...tensor, rawData: Uint8Array.from(tensor.rawData), dims: [2] }].map((each) =>
      constants.makers.stored(each),
    );
    expect(new Set(stored.map(({ name }) => name))).toEqual(new Set(["w"]));
    expect(stored[0]).toEqual({ name: "w", type: "float32", shape: [2] });
    expect(constants.makers.isConstant(stored[0]!)).toBe(true);
    expect(constants.makers.valuesOf(stored[0]!)).toBeNull();
  });

  it.each([
    ["values", { rawData: Uint8Array.of(0, 0, 128, 63, 0, 0, 64, 64) }],
    ["shape", { dims: [1, 2] }],
    ["file", { dataLocation: 1, externalData: [{ key: "location", value: "w.bin" }] }],
    ["numbers", { floatData: [1, 2] }],
  ])("have names of their own where they have another %s", (_, part) => {
    const constants = createConstants();
    const other = { ...tensor, ...part };
    expect([tensor, other, tensor, other].map((each) => constants.makers.stored(each).name)).toEqual([
      "w",
      "w:2",
      "w",
      "w:2",
    ]);
    expect(constants.tensors.get("w:2")).toEqual({ ...other, name: "w:2" });
  });

  it("are of a type that is known", () => {
    const { makers } = createConstants();
    expect(() => makers.stored({ ...tensor, dataType: 2 })).toThrow('The tensor "w" is of element type 2.');
  });
});
