import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFolder } from "../../../../../tests/ops/dataset-testing.ts";
import { checkpointPath, readReferenceCheckpoints } from "../../../../../tests/ops/reference/checkpoints-fixture.ts";
import { readStoredWeight } from "./read-stored-weight.ts";
import { readWeightTable } from "./read-weight-table.ts";
import { toFloat32 } from "./to-float32.ts";
import { weightBytes, type WeightTable } from "./weight-table.ts";

const reference = await readReferenceCheckpoints();

describe.each(Object.entries(reference))("%s", (file, tensors) => {
  let table: WeightTable;
  beforeAll(async () => {
    table = await readWeightTable(checkpointPath(file));
  });

  it("has the names, types and shapes that PyTorch gives", () => {
    // By name: JSON puts names that are numbers first, and the header of safetensors has its own order.
    const described = new Map([...table.weights].map(([name, { type, shape }]) => [name, { type, shape }]));
    const expected = new Map([...tensors].map(([name, { type, shape }]) => [name, { type, shape }]));
    expect(described).toEqual(expected);
  });

  it("has the values that PyTorch gives", async () => {
    for (const [name, weight] of table.weights) {
      const bytes = await readStoredWeight(table, weight);
      expect(bytes.length, name).toBe(weightBytes(weight));
      const values = toFloat32(weight.type, bytes);
      expect([...values], name).toEqual(tensors.get(name)?.values.map(Math.fround));
    }
  });
});

describe("places", () => {
  it("leaves what lies row by row in its file, and only that", async () => {
    for (const file of ["views.pth", "views.legacy.pth"]) {
      const { weights } = await readWeightTable(checkpointPath(file));
      const apart = [...weights].filter(([, { place }]) => place.kind === "apart").map(([name]) => name);
      expect(apart).toEqual([
        ...["columns", "every_second", "transposed", "permuted", "expanded", "repeated", "one_row"],
        ...["halves", "wide", "bytes", "channels_last"],
      ]);
      const [whole, tied, rows] = ["whole", "tied", "rows"].map((name) => weights.get(name)!.place);
      expect(tied).toEqual(whole);
      expect(whole?.kind === "file" && rows?.kind === "file" && rows.offset - whole.offset).toBe(24);
    }
  });

  it("keeps apart what is compressed or big-endian", async () => {
    for (const file of ["views.deflated.pth", "big.pth"]) {
      const { weights } = await readWeightTable(checkpointPath(file));
      expect([...weights.values()].filter(({ place }) => place.kind === "file")).toEqual([]);
    }
  });

  it("names the shards that hold values", async () => {
    const { paths, weights } = await readWeightTable(checkpointPath("model.safetensors.index.json"));
    const shards = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"];
    expect(paths).toEqual(shards.map(checkpointPath));
    expect(weights.get("second.weight")?.place).toMatchObject({ kind: "file", path: 1 });
    expect(weights.has("left_out")).toBe(false);
  });
});

describe("what is no file of weights", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await createFolder();
  });
  afterAll(() => rm(folder, { recursive: true }));

  const lfs = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab\nsize 22884648\n";
  it.each<[what: string, content: string, code: string, message: RegExp]>([
    ["a git-lfs pointer", lfs, "weights-format-unknown", /weights.pth is a git-lfs pointer/],
    ["a web page", "\n<!DOCTYPE html><html>", "weights-format-unknown", /is a web page that was saved in its place/],
    ["another format", "GGUF\x03\0\0\0", "weights-format-unknown", /is a GGUF file/],
    ["JSON", '{"error": "Repository not found"}', "weights-format-unknown", /is JSON without a `weight_map`/],
    ["some text", "hello, this is nothing", "weights-format-unknown", /is of a format that is not known/],
    [
      "a TAR archive",
      "storages".padEnd(257, "\0") + "ustar\0",
      "weights-format-unknown",
      /is a TAR archive, as PyTorch/,
    ],
    [
      "a pickle of another program",
      "\x80\x02K\x01.",
      "weights-format-unknown",
      /is a pickle that PyTorch did not write/,
    ],
    ["nothing", "", "weights-damaged", /it is empty/],
  ])("says so of %s", async (_, content, code, message) => {
    const path = join(folder, "weights.pth");
    await writeFile(path, content, "latin1");
    const failure = await readWeightTable(path).catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: "OpError", code });
    expect((failure as Error).message).toMatch(message);
    expect((failure as { hint: string | null }).hint).not.toBeNull();
  });

  it("says how an exported network is named", async () => {
    const path = join(folder, "net.onnx");
    await writeFile(path, "\x08\x08\x12\x07pytorch\x1a\x06nothing", "latin1");
    await expect(readWeightTable(path)).rejects.toMatchObject({
      code: "weights-format-unknown",
      hint: expect.stringContaining("onnx { file: .. }") as string,
    });
  });

  it("says so of a file that is not there, and of a folder", async () => {
    await expect(readWeightTable(join(folder, "no.pth"))).rejects.toMatchObject({ code: "file-missing" });
    await expect(readWeightTable(folder)).rejects.toMatchObject({ code: "weights-unreadable" });
  });
});

describe("toFloat32", () => {
  it("reads bytes that begin anywhere", () => {
    const bytes = new Uint8Array([9, 0, 0, 128, 63]).subarray(1);
    expect([...toFloat32("float32", bytes)]).toEqual([1]);
  });
});
