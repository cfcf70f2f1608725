import { readFile, rm, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFolder } from "../../../../../tests/ops/dataset-testing.ts";
import { checkpointPath } from "../../../../../tests/ops/reference/checkpoints-fixture.ts";
import { OpError } from "../../op-error.ts";
import { randomStream } from "../../runtime/random.ts";
import { readStoredWeight } from "./read-stored-weight.ts";
import { readWeightTable } from "./read-weight-table.ts";

let folder: string;
beforeAll(async () => {
  folder = await createFolder();
});
afterAll(() => rm(folder, { recursive: true }));

const files = [
  ...["types.safetensors", "types.pth", "training.pth", "views.deflated.pth", "unchecked.pth"],
  ...["types.legacy.pth", "training.legacy.pth", "types.protocol5.legacy.pth", "model.safetensors.index.json"],
];

/** Everything that a file gives, its values too; or the code of the OpError. Any other exception goes through. */
async function readWhole(path: string): Promise<string> {
  try {
    const table = await readWeightTable(path);
    for (const weight of table.weights.values()) await readStoredWeight(table, weight);
    return "read";
  } catch (error) {
    if (error instanceof OpError) return error.code;
    throw error;
  }
}

describe.each(files)("%s", (file) => {
  it("is refused wherever it is cut short", async () => {
    const bytes = await readFile(checkpointPath(file));
    const path = join(folder, `cut${extname(file)}`);
    // A text without its last line break is whole.
    const whole = file.endsWith(".json") ? bytes.length - 1 : bytes.length;
    for (let length = 0; length < whole; length += step(bytes.length)) {
      await writeFile(path, bytes.subarray(0, length));
      expect(await readWhole(path), `after ${length} bytes`).toMatch(/^weights-(damaged|format-unknown)$/);
    }
  });

  it("is read or refused, whichever bits are flipped", { timeout: 120_000 }, async () => {
    const bytes = await readFile(checkpointPath(file));
    const path = join(folder, `flipped${extname(file)}`);
    const stream = randomStream(5, "flip", file);
    for (let round = 0; round < 200; round += 1) {
      const changed = Buffer.from(bytes);
      for (let flips = 1 + stream.integer(4); flips > 0; flips -= 1) {
        const at = stream.integer(bytes.length);
        changed[at] = stream.integer(2) === 0 ? stream.integer(256) : changed[at]! ^ (1 << stream.integer(8));
      }
      await writeFile(path, changed);
      expect(await readWhole(path), `round ${round}`).toMatch(/^(read|weights-[a-z-]+|file-missing)$/);
    }
  });
});

function step(length: number): number {
  return Math.max(1, Math.floor(length / 250));
}
