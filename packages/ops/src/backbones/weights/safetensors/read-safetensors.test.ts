import { existsSync } from "node:fs";
import { open, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFolder } from "../../../../../../tests/ops/dataset-testing.ts";
import { joined, uint64 } from "../../../../../../tests/ops/reference/checkpoints-bytes.ts";
import { decodeSafetensors } from "../../../arrays/safetensors.ts";
import { readStoredWeight } from "../read-stored-weight.ts";
import { readWeightTable } from "../read-weight-table.ts";
import { toFloat32 } from "../to-float32.ts";

let folder: string;
beforeAll(async () => {
  folder = await createFolder();
});
afterAll(() => rm(folder, { recursive: true }));

async function readFrom(...parts: readonly (string | Uint8Array)[]) {
  const path = join(folder, "w.safetensors");
  await writeFile(path, joined(...parts));
  return readWeightTable(path);
}

function readHeader(header: string, dataLength: number) {
  const bytes = Buffer.from(header, "utf8");
  return readFrom(uint64(bytes.length), bytes, Buffer.alloc(dataLength));
}

const entry = (dtype: string, shape: readonly number[], begin: number, end: number) =>
  JSON.stringify({ dtype, shape, data_offsets: [begin, end] });

describe("readSafetensors", () => {
  it("takes tensors in any order, empty ones, and spaces after the header", async () => {
    const header = `{"b":${entry("F32", [], 4, 8)},"a":${entry("I8", [2, 2], 0, 4)},"e":${entry("F64", [0, 5], 4, 4)}}   `;
    const { weights } = await readHeader(header, 8);
    const start = 8 + header.length;
    expect(weights.get("b")).toEqual({
      type: "float32",
      shape: [],
      place: { kind: "file", path: 0, offset: start + 4, bytes: 4 },
    });
    expect(weights.get("e")?.place).toMatchObject({ offset: start + 4, bytes: 0 });
  });

  it("takes a file without tensors, and names that mean something to JavaScript", async () => {
    expect((await readHeader('{"__metadata__":{"format":"pt"}}', 0)).weights.size).toBe(0);
    const { weights } = await readHeader(`{"__proto__":${entry("U8", [1], 0, 1)}}`, 1);
    expect([...weights.keys()]).toEqual(["__proto__"]);
  });

  it.each([
    ["a pickle", 0x0580],
    ["gzip", 0x8b1f],
  ])("is told from %s, whose first bytes its length may have", async (_, length) => {
    const header = `{"a":${entry("U8", [1], 0, 1)}}`.padEnd(length);
    expect((await readHeader(header, 1)).weights.size).toBe(1);
  });

  it.each<[what: string, header: string, dataLength: number, message: RegExp]>([
    [
      "an overlap",
      `{"a":${entry("U8", [4], 0, 4)},"b":${entry("U8", [4], 2, 6)}}`,
      6,
      /tensor b overlaps the one before/,
    ],
    ["the same place twice", `{"a":${entry("U8", [4], 0, 4)},"b":${entry("U8", [4], 0, 4)}}`, 4, /tensor b overlaps/],
    ["a gap", `{"a":${entry("U8", [4], 0, 4)},"b":${entry("U8", [4], 5, 9)}}`, 9, /a gap before the tensor b/],
    ["a gap at the beginning", `{"a":${entry("U8", [4], 1, 5)}}`, 5, /a gap before the tensor a/],
    ["bytes at the end", `{"a":${entry("U8", [4], 0, 4)}}`, 5, /1 bytes follow its last tensor/],
    ["data beyond the file", `{"a":${entry("U8", [4], 0, 4)}}`, 3, /ends inside or before the tensor a/],
    ["too few bytes for the shape", `{"a":${entry("F32", [4], 0, 8)}}`, 8, /F32 of shape \[4\] needs 16/],
    ["an end before its beginning", `{"a":${entry("U8", [4], 4, 0)}}`, 4, /takes the bytes 4 to 0/],
    ["a shape that overflows", `{"a":${entry("U8", [2 ** 32, 2 ** 32], 0, 0)}}`, 0, /needs 18446744073709552000/],
    ["a negative size", `{"a":${entry("U8", [-1], 0, 0)}}`, 0, /does not say what the tensor a is/],
    ["half an element", `{"a":${entry("U8", [0.5], 0, 0)}}`, 0, /does not say what the tensor a is/],
    ["65 axes", `{"a":${entry("U8", Array<number>(65).fill(1), 0, 1)}}`, 1, /does not say what the tensor a is/],
    ["a tensor that is no object", `{"a":[1]}`, 0, /does not say what the tensor a is/],
    ["a key twice", `{"a":${entry("U8", [1], 0, 1)},"\\u0061":${entry("U8", [1], 1, 2)}}`, 2, /gives "a" twice/],
    ["two shapes", `{"a":{"dtype":"U8","shape":[1],"shape":[2],"data_offsets":[0,1]}}`, 1, /gives "shape" twice/],
    ["a type that is none", `{"a":${entry("Q4", [1], 0, 1)}}`, 1, /the tensor a is of type Q4, which is not read/],
    ["no JSON", `{"a":`, 0, /its header is no JSON object/],
    ["nesting without end", `{"a":${"[".repeat(100_000)}`, 0, /its header is no JSON object/],
  ])("refuses %s", async (_, header, dataLength, message) => {
    const failure = await readHeader(header, dataLength).catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: "OpError" });
    expect((failure as Error).message).toMatch(message);
    expect((failure as Error).message).toContain("w.safetensors");
  });

  it("refuses a header of 10 GB, or beyond the file, before it is read", async () => {
    await expect(readFrom(uint64(10 * 2 ** 30), "{")).rejects.toThrow(
      /would be 10737418240 bytes long; at most 100000000/,
    );
    await expect(readFrom(uint64(5000), "{}")).rejects.toThrow(/its header of 5000 bytes goes beyond its 10 bytes/);
    await expect(readFrom("\x02\0\0\0")).rejects.toMatchObject({ code: "weights-damaged" });
    await expect(readFrom(uint64(2n ** 64n - 1n), "{")).rejects.toMatchObject({ name: "OpError" });
  });

  it("refuses a header that is no UTF-8", async () => {
    await expect(readFrom(uint64(7), '{"\xff":1}')).rejects.toThrow(/no JSON object/);
  });

  it.each([2.5, 5])("reads a file of over %s GB, which is mostly holes, in place", async (gigabytes) => {
    const hole = gigabytes * 2 ** 30;
    const header = `{"hole":${entry("U8", [hole], 0, hole)},"last":${entry("F32", [2], hole, hole + 8)}}`;
    const path = join(folder, "large.safetensors");
    const file = await open(path, "w");
    await file.write(joined(uint64(header.length), header), 0, 8 + header.length, 0);
    await file.write(new Uint8Array(Float32Array.of(1.5, -2).buffer), 0, 8, 8 + header.length + hole);
    await file.close();
    const table = await readWeightTable(path);
    const last = table.weights.get("last")!;
    expect(last.place).toMatchObject({ kind: "file", offset: 8 + header.length + hole });
    expect([...toFloat32(last.type, await readStoredWeight(table, last))]).toEqual([1.5, -2]);
    await rm(path);
  });
});

const deit = fileURLToPath(
  new URL("../../../../../../../shared/material/backbones/deit_tiny_patch16_224.safetensors", import.meta.url),
);
if (!existsSync(deit)) console.warn("SKIPPED: a real file of weights, for want of ../shared/material.");

describe.skipIf(!existsSync(deit))("a real file of weights", () => {
  it("has the names, shapes and values that a reader of whole files gives", async () => {
    const table = await readWeightTable(deit);
    const { tensors } = decodeSafetensors(await readFile(deit));
    expect([...table.weights.keys()].sort()).toEqual([...tensors.keys()].sort());
    expect(table.weights.get("blocks.0.attn.qkv.weight")?.shape).toEqual([576, 192]);
    for (const [name, weight] of table.weights) {
      const values = toFloat32(weight.type, await readStoredWeight(table, weight));
      const expected = tensors.get(name)!;
      expect(weight.shape).toEqual(expected.shape);
      expect(Buffer.from(values.buffer).equals(Buffer.from(expected.data.buffer)), name).toBe(true);
    }
  });
});
