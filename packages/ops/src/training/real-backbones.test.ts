import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { contextFor } from "../../../../tests/ops/dataset-testing.ts";
import type { DatasetIndex } from "../artifacts/dataset.ts";
import { imageFolder } from "../datasets/image-folder.ts";
import { preprocessImage } from "../images/preprocess.ts";
import { crossEntropyLoss } from "../onnx/losses/cross-entropy-loss.ts";
import { linear } from "../onnx/operators/products.ts";
import type { Optimiser } from "../onnx/optimisers/optimiser.ts";
import { sgd } from "../onnx/optimisers/sgd.ts";
import { readModel } from "../onnx/read-model.ts";
import { countsInput, describeModelTraining, truthInput } from "../onnx/training/model-training.ts";
import { buildNetworkTraining } from "../onnx/training/network-training.ts";
import { readWeight } from "../onnx/weights/read-weight.ts";
import { randomStream } from "../runtime/random.ts";
import type { TensorValues } from "../runtime/session.ts";
import { openNetworkTrainer, type NetworkTrainer } from "./network-trainer.ts";

const material =
  process.env["EXP_MATERIAL"] ?? fileURLToPath(new URL("../../../../../shared/material", import.meta.url));
const isHere = existsSync(`${material}/backbones`);
if (!isHere) console.warn("SKIPPED: training real backbones on real images, for want of ../shared/material.");

const [batch, steps, size] = [8, 3, 224];

const backbones = [
  { file: "squeezenet1.1.onnx", width: 512 },
  { file: "mobilenetv2_1.0_backbone.onnx", width: 1280 },
  { file: "deit_tiny_patch16_224.onnx", width: 192 },
];

describe.skipIf(!isHere)("real backbones are trained end to end on real images", () => {
  let batches: TensorValues;
  beforeAll(async () => {
    batches = await readBatches();
  });

  describe.each(backbones)("$file", (backbone) => {
    it("lowers its loss", { timeout: 120_000 }, async () => {
      const trainer = await openTrainer(backbone, { optimiser: sgd({ momentum: 0.9 }), rate: 2e-3 });
      const epochs: number[] = [];
      for (let epoch = 0; epoch < 4; epoch += 1) {
        const { losses } = await trainer.run(steps, batches);
        epochs.push(losses.reduce((sum, loss) => sum + loss, 0) / steps);
      }
      await trainer.close();
      expect(epochs.every(Number.isFinite)).toBe(true);
      expect(epochs[3]).toBeLessThan(0.75 * epochs[0]!);
    });

    it("falls by what the gradient says: a small rate times the square of its norm", { timeout: 120_000 }, async () => {
      const first = Object.fromEntries(
        Object.entries(batches).map(([name, { data, dims }]) => {
          const values = data.subarray(0, data.length / steps);
          return [name, { data: values, dims: [1, ...dims.slice(1)] }] as const;
        }),
      );
      const trainer = await openTrainer(backbone, { optimiser: sgd({ momentum: 0 }), rate: 2e-5 });
      const before = await trainer.run(1, first);
      const after = await trainer.run(1, first);
      await trainer.close();
      const expected = 2e-5 * before.norms![0]! ** 2;
      expect((before.losses[0]! - after.losses[0]!) / expected).toBeCloseTo(1, 1);
    });
  });
});

interface Pace {
  readonly optimiser: Optimiser;
  readonly rate: number;
}

/** All weights and a linear head of two classes. */
async function openTrainer(
  { file, width }: (typeof backbones)[number],
  { optimiser, rate }: Pace,
): Promise<NetworkTrainer> {
  const { spec, weights } = describeModelTraining({
    model: await readModel(await readFile(`${material}/backbones/${file}`), file),
    file,
    images: [{ name: "pixel_values", shape: [batch, 3, size, size] }],
    features: "features",
    top: {
      parameters: [
        { name: "head.weight", shape: [2, width] },
        { name: "head.bias", shape: [2] },
      ],
      predict: (graph, features, read) =>
        linear(graph, features, { weight: read("head.weight"), bias: read("head.bias") }),
    },
    loss: crossEntropyLoss(),
    truth: { shape: [batch], type: "int32" },
    choice: { train: ["*"] },
    // So far off that nothing is cut: the norm is to be told.
    largestNorm: 1e6,
    optimiser,
  });
  const random = randomStream(1, "head");
  const values = weights.map(async ({ name, tensor }) => [name, await readWeight(tensor)] as const);
  const head = Float32Array.from({ length: 2 * width }, () => 0.01 * random.normal());
  return openNetworkTrainer({
    training: buildNetworkTraining(spec),
    optimiser,
    rateAt: () => rate,
    start: new Map([...(await Promise.all(values)), ["head.weight", head], ["head.bias", new Float32Array(2)]]),
  });
}

/** Brain MRI with and without a tumour in turn. */
async function readBatches(): Promise<TensorValues> {
  const names = { train: ["Training"], val: ["Validation"], test: ["Testing"] };
  const params = { root: { path: `${material}/brain-tumor-mri` }, problem: "auto", classes: null, ...names };
  const index = (await imageFolder.op.run(contextFor(params))) as DatasetIndex;
  const reader = await imageFolder.open(params);
  const [glioma, none] = ["glioma_tumor", "no_tumor"].map((name) => {
    const label = index.classNames.indexOf(name);
    return index.examples.filter((_, example) => index.labels.values[example] === label);
  });
  const count = steps * batch;
  const pixels = new Float32Array(count * 3 * size * size);
  for (let example = 0; example < count; example += 1) {
    const image = await reader.readImage((example % 2 === 0 ? glioma : none)![Math.floor(example / 2)]!);
    const settings = { input: "pixel_values", imageSize: size, resizeTo: size, resample: "pillow_bilinear" } as const;
    const normal = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] } as const;
    preprocessImage(image, { ...settings, ...normal, fit: "squash" }, pixels, example * 3 * size * size);
  }
  await reader.close();
  return {
    pixel_values: { data: pixels, dims: [steps, batch, 3, size, size] },
    [truthInput]: { data: Int32Array.from({ length: count }, (_, example) => example % 2), dims: [steps, batch] },
    [countsInput]: { data: new Float32Array(count).fill(1), dims: [steps, batch] },
  };
}
