import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFolder } from "../../../../../../tests/ops/dataset-testing.ts";
import {
  dict,
  global,
  int,
  joined,
  legacy,
  pickle,
  tensor,
  text,
  tuple,
  uint64,
} from "../../../../../../tests/ops/reference/checkpoints-bytes.ts";
import { readStoredWeight } from "../read-stored-weight.ts";
import { readWeightTable } from "../read-weight-table.ts";
import { toFloat32 } from "../to-float32.ts";

let folder: string;
beforeAll(async () => {
  folder = await createFolder();
});
afterAll(() => rm(folder, { recursive: true }));

async function read(bytes: Uint8Array) {
  const path = join(folder, "w.pth");
  await writeFile(path, bytes);
  return readWeightTable(path);
}

const ones = { count: 6, shape: [2, 3], strides: [3, 1] };
const keys = (...names: readonly string[]) => pickle("](", ...names.map(text), "e");
const storage = joined(uint64(6), new Uint8Array(Float32Array.of(0, 1, 2, 3, 4, 5).buffer));

describe("readLegacyCheckpoint", () => {
  it("reads storages that were parts of others", async () => {
    const part = { ...ones, shape: [2], strides: [1], offset: 1, view: tuple(text("part"), int(2), int(3)) };
    const table = await read(legacy(pickle(dict({ whole: tensor(ones), part: tensor(part) })), keys("0"), storage));
    const weight = table.weights.get("part")!;
    expect(weight.place.kind).toBe("file");
    expect([...toFloat32(weight.type, await readStoredWeight(table, weight))]).toEqual([3, 4]);
    const beyond = { ...part, shape: [3] };
    await expect(read(legacy(pickle(tensor(beyond)), keys("0"), storage))).rejects.toThrow(/looks beyond the 3 values/);
  });

  it("steps over storages that no tensor looks at", async () => {
    const other = tensor({ ...ones, key: "other", type: "HalfStorage", count: 2, shape: [2], strides: [1] });
    const content = pickle(other, "0", dict({ weight: tensor(ones) }));
    const table = await read(legacy(content, keys("other", "0"), uint64(2), Buffer.alloc(4), storage));
    const weight = table.weights.get("weight")!;
    expect([...toFloat32(weight.type, await readStoredWeight(table, weight))]).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it("reads pickles of over a megabyte", async () => {
    const content = pickle(dict({ log: text("x".repeat(3 * 2 ** 20)), weight: tensor(ones) }));
    expect((await read(legacy(content, keys("0"), storage))).weights.size).toBe(1);
  });

  const sound = pickle(dict({ weight: tensor(ones) }));
  it.each<[what: string, bytes: Buffer, message: RegExp]>([
    ["a storage that nothing refers to", legacy(sound, keys("0", "1"), storage), /refers to its storage 1/],
    ["a storage that is missing", legacy(sound, keys()), /the storage 0 of its tensor weight is missing/],
    ["a storage twice", legacy(sound, keys("0", "0"), storage, storage), /its storage 0 comes twice/],
    ["another count", legacy(sound, keys("0"), uint64(7), storage), /has 7 values in one place and 6 in another/],
    ["a count beyond the file", legacy(sound, keys("0"), storage.subarray(0, 20)), /it ends inside its storage 0/],
    ["keys that are no list", legacy(sound, pickle("}"), storage), /the keys of its storages are no list/],
    ["keys of another kind", legacy(sound, pickle("](]e"), storage), /refers to its storage/],
    [
      "another protocol",
      joined(legacy(sound, keys("0")).subarray(0, 17), "K\x01."),
      /a protocol of PyTorch that is not/,
    ],
    ["a call", legacy(pickle(global("os", "system"), tuple(text("true")), "R"), keys()), /would call os.system/],
  ])("refuses %s", async (_, bytes, message) => {
    await expect(read(bytes)).rejects.toThrow(message);
    await expect(read(bytes)).rejects.toMatchObject({ name: "OpError" });
  });

  it("refuses a call before the file is known to be a checkpoint", async () => {
    await expect(read(pickle(global("os", "system"), tuple(text("true")), "R"))).rejects.toThrow(
      /would call os.system/,
    );
  });
});
