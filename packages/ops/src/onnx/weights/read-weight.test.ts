import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findExternalFiles } from "../external-files.ts";
import { elementTypes, type OnnxTensor } from "../onnx-model.ts";
import { readModel } from "../read-model.ts";
import { writeModel } from "../write-model.ts";
import { readWeight } from "./read-weight.ts";

const floats = Float32Array.of(1.5, -2, 0.1, 4);
/** 1.5, -2, infinity and the smallest that float16 has, as IEEE 754 writes them. */
const halves = [0x3e00, 0xc000, 0x7c00, 0x0001];
const numbersOfHalves = [1.5, -2, Infinity, 2 ** -24];

const square = { name: "w", dims: [2, 2], dataType: elementTypes.float32 };
const half = { ...square, dataType: elementTypes.float16 };

describe("of the model itself", () => {
  it.each<[string, OnnxTensor, readonly number[]]>([
    ["raw bytes", { ...square, rawData: new Uint8Array(floats.buffer) }, [...floats]],
    ["a list of floats", { ...square, floatData: [...floats] }, [...floats]],
    ["raw halves", { ...half, rawData: new Uint8Array(Uint16Array.from(halves).buffer) }, numbersOfHalves],
    ["halves in a list", { ...half, int32Data: halves }, numbersOfHalves],
    ["doubles", { ...square, dataType: elementTypes.float64, doubleData: [0.1, 1, 2, 3] }, [Math.fround(0.1), 1, 2, 3]],
    ["a single value", { ...square, dims: [], floatData: [7] }, [7]],
  ])("reads %s", async (_, tensor, expected) => {
    // Through a file, which gives sizes as 64-bit integers and bytes as views.
    const graph = { initializer: [tensor], node: [{ opType: "Identity", output: ["y"] }], output: [{ name: "y" }] };
    const model = await readModel(await writeModel({ graph }), "m.onnx");
    expect(await readWeight(model.graph.initializer![0]!)).toEqual(Float32Array.from(expected));
  });

  it.each<[string, OnnxTensor, number]>([
    ["left out", square, 0],
    ["cut short within a value", { ...square, rawData: new Uint8Array(15) }, 3],
    ["too many", { ...square, floatData: [1, 2, 3, 4, 5] }, 5],
  ])("says that its values are %s", async (_, tensor, count) => {
    await expect(readWeight(tensor)).rejects.toMatchObject({
      code: "onnx-weight-incomplete",
      message: `The weight w has ${count} values in the model, where its shape asks for 4.`,
    });
  });
});

describe("of a file beside the model", () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "weights-"));
    // 3 bytes that are another's, the floats, the halves.
    const halfBytes = new Uint8Array(Uint16Array.from(halves).buffer);
    await writeFile(
      join(folder, "weights.bin"),
      Buffer.concat([Buffer.alloc(3, 9), new Uint8Array(floats.buffer), halfBytes]),
    );
  });

  afterAll(() => rm(folder, { recursive: true }));

  const read = async (tensor: OnnxTensor, place: Readonly<Record<string, number>>): Promise<Float32Array> => {
    const entries = Object.entries(place).map(([key, value]) => ({ key, value: String(value) }));
    const externalData = [{ key: "location", value: "weights.bin" }, ...entries];
    const external = { ...tensor, dataLocation: 1, externalData };
    return readWeight(
      external,
      await findExternalFiles({ graph: { initializer: [external] } }, join(folder, "m.onnx")),
    );
  };

  it("reads from its offset on, with or without a length", async () => {
    expect(await read(square, { offset: 3, length: 16 })).toEqual(floats);
    expect(await read(square, { offset: 3 })).toEqual(floats);
    expect(await read(half, { offset: 19, length: 8 })).toEqual(Float32Array.from(numbersOfHalves));
    expect(await read({ ...half, dims: [1] }, { offset: 21 })).toEqual(Float32Array.of(-2));
    const fromStart = new Uint8Array([9, 9, 9, new Uint8Array(floats.buffer)[0]!]);
    expect(await read({ ...square, dims: [1] }, {})).toEqual(new Float32Array(fromStart.buffer));
  });

  it.each([
    ["ends within the weight", { offset: 17 }, 2],
    ["ends before the weight", { offset: 100 }, 0],
    ["has a part of another length", { offset: 3, length: 8 }, 2],
    ["has a part that is longer", { offset: 3, length: 20 }, 5],
  ])("says that the file %s", async (_, place, count) => {
    await expect(read(square, place)).rejects.toMatchObject({
      code: "onnx-weight-incomplete",
      message: `The weight w has ${count} values in weights.bin, where its shape asks for 4.`,
    });
  });

  it("takes a file that was not looked for as a mistake of ours", async () => {
    const externalData = [{ key: "location", value: "other.bin" }];
    await expect(readWeight({ ...square, dataLocation: 1, externalData })).rejects.toThrow("not looked for");
  });
});
