import { copyFile, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFolder } from "../../../../../tests/ops/dataset-testing.ts";
import { checkpointPath } from "../../../../../tests/ops/reference/checkpoints-fixture.ts";
import { readWeightTable } from "./read-weight-table.ts";

const [first, second] = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"] as const;

let folder: string;
beforeAll(async () => {
  folder = await createFolder();
  await copyFile(checkpointPath(first), join(folder, first));
});
afterAll(() => rm(folder, { recursive: true }));

async function readIndex(text: string) {
  const path = join(folder, "model.safetensors.index.json");
  await writeFile(path, text);
  return readWeightTable(path);
}
const readMap = (map: unknown) => readIndex(JSON.stringify({ metadata: {}, weight_map: map }));

describe("readWeightIndex", () => {
  it.each([
    ...["../w.safetensors", "/etc/passwd", "sub/w.safetensors", "sub\\w.safetensors", "C:w.safetensors"],
    ...["..", ".", "", "a\0b"],
  ])("refuses the shard %j", async (shard) => {
    await expect(readMap({ a: shard })).rejects.toThrow(
      /index.json cannot be read: it names the shard ".*"; shards are/,
    );
  });

  it("names a shard that is missing", async () => {
    const failure = readMap({ "first.weight": first, "second.weight": second });
    await expect(failure).rejects.toMatchObject({ code: "file-missing" });
    await expect(failure).rejects.toThrow(
      /keeps weights in model-00002-of-00002.safetensors, and there is no such file/,
    );
  });

  it("names a tensor that its shard lacks", async () => {
    await expect(readMap({ "third.weight": first })).rejects.toThrow(
      /its shard model-00001-of-00002.safetensors has no tensor third.weight/,
    );
  });

  it("refuses what it says twice, a shard that is no text, and one that is an index again", async () => {
    await expect(readIndex(`{"weight_map":{"a":"${first}","a":"${second}"}}`)).rejects.toThrow(/gives "a" twice/);
    await expect(readMap({ a: 3 })).rejects.toThrow(/names no shard for the tensor a/);
    await expect(readMap({ a: "model.safetensors.index.json" })).rejects.toThrow(/it is an index again/);
    await expect(readMap([])).rejects.toMatchObject({ code: "weights-format-unknown" });
    await expect(readIndex("{")).rejects.toMatchObject({ code: "weights-damaged" });
  });

  it("follows links of the folder's owner, as the cache of the Hugging Face hub has them", async () => {
    const snapshot = join(folder, "snapshot");
    await mkdir(snapshot);
    await symlink(join(folder, first), join(snapshot, "linked.safetensors"));
    const index = join(snapshot, "model.safetensors.index.json");
    await writeFile(index, JSON.stringify({ weight_map: { "first.weight": "linked.safetensors" } }));
    const { paths, weights } = await readWeightTable(index);
    expect(paths).toEqual([join(snapshot, "linked.safetensors")]);
    expect(weights.get("first.weight")?.shape).toEqual([2, 3]);
  });
});
