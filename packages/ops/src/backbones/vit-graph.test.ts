import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { writeModel } from "../onnx/write-model.ts";
import { openSession } from "../runtime/session.ts";
import { hashedValues, hashedWeight } from "../../../../tests/ops/reference/hashed-weights.ts";
import { buildVitGraph, vitInput, type VitSizes } from "./vit-graph.ts";

interface Reference {
  readonly sizes: VitSizes;
  readonly outputs: Readonly<Record<string, readonly number[]>>;
}

const referenceFile = new URL("../../../../tests/ops/reference/vit_timm.json", import.meta.url);

it("gives the features of timm's vision transformer", async () => {
  const { sizes, outputs } = JSON.parse(readFileSync(referenceFile, "utf8")) as Reference;
  const model = await writeModel(buildVitGraph(sizes, hashedWeight));
  const session = await openSession({ model: { data: model, name: null }, threads: 1 });
  const images = Float32Array.from(hashedValues("images", 2 * 3 * sizes.imageSize ** 2), (value) => 2 * value);
  const dims = [2, 3, sizes.imageSize, sizes.imageSize];
  const features = await session.run({ [vitInput]: { data: images, dims } }, Object.keys(outputs));
  await session.close();

  expect([...features.keys()].sort()).toEqual(["cls_1", "cls_2", "cls_3", "cls_4", "cls_5", "patch_mean"]);
  for (const [name, expected] of Object.entries(outputs)) {
    const found = features.get(name);
    expect(found?.dims).toEqual([2, sizes.width]);
    const worst = expected.reduce(
      (most, value, index) => Math.max(most, Math.abs(value - (found?.data[index] ?? NaN))),
      0,
    );
    expect(worst, name).toBeLessThan(1e-5);
  }
});

it("has a class token for every block where there are fewer than five", () => {
  const sizes = { imageSize: 16, patchSize: 8, width: 8, depth: 2, heads: 2, mlpRatio: 4 };
  const outputs = buildVitGraph(sizes, hashedWeight).graph.output?.map(({ name }) => name);
  expect(outputs).toEqual(["cls_2", "cls_1", "patch_mean"]);
});

it("makes the same bytes twice", async () => {
  const sizes = { imageSize: 16, patchSize: 8, width: 8, depth: 2, heads: 2, mlpRatio: 4 };
  expect(await writeModel(buildVitGraph(sizes, hashedWeight))).toEqual(
    await writeModel(buildVitGraph(sizes, hashedWeight)),
  );
});
