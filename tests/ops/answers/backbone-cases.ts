import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import sharp from "sharp";
import type { BackboneModel } from "../../../packages/ops/src/artifacts/backbone.ts";
import type { DatasetIndex } from "../../../packages/ops/src/artifacts/dataset.ts";
import { given } from "./given.ts";
import type { OpCases } from "./lock-op.ts";

export interface BackboneCaseOptions {
  readonly folder: string;
  /** An ONNX file: images [batch, 3, 8, 8] under the name `image`, features of their three channels. */
  readonly network: Uint8Array;
  /** Makes the index of a folder of images, as `extract` is handed it. */
  readonly indexImages: (root: string) => Promise<DatasetIndex>;
}

/** What is asked of the backbones and of `extract`. */
export async function writeBackboneCases(options: BackboneCaseOptions): Promise<Readonly<Record<string, OpCases>>> {
  const file = { path: join(options.folder, "network.onnx") };
  await writeFile(file.path, options.network);
  return {
    onnx: {
      "the model's own size": { params: { file }, fileDigests: { file: "digest of network.onnx" } },
      "other preprocessing": {
        params: { file, resize_to: 9, resample: "torch_bicubic", fit: "shorter_side", mean: [0, 0, 0] },
        fileDigests: { file: "digest of network.onnx" },
      },
    },
    vit: {
      small: { params: { weights: { weights: "random", seed: 3 }, image_size: 8, patch_size: 4, width: 6, depth: 2 } },
    },
    extract: {
      "squashed colour and grey images": await writeExtraction(options, file, { resizeTo: 8, fit: "squash" }),
      "cropped images": await writeExtraction(options, file, { resizeTo: 11, fit: "shorter-side" }),
    },
  };
}

async function writeExtraction(
  { folder, indexImages }: BackboneCaseOptions,
  file: { readonly path: string },
  { resizeTo, fit }: Pick<BackboneModel["preprocessing"], "resizeTo" | "fit">,
): Promise<OpCases[string]> {
  const root = join(folder, "drawn");
  await writeImage(join(root, "train/a/one.png"), { width: 20, height: 13, channels: 3 });
  await writeImage(join(root, "train/b/two.png"), { width: 7, height: 9, channels: 1 });
  await writeImage(join(root, "test/b/three.png"), { width: 16, height: 16, channels: 3 });
  const index = await indexImages(root);
  const { problem, classNames, labels, examples } = index;
  const backbone: BackboneModel = {
    graph: { kind: "file", digest: "digest of network.onnx", external: [] },
    preprocessing: {
      ...{ input: "image", imageSize: 8, resizeTo, resample: "pillow_bicubic", fit },
      ...{ mean: [0.5, 0.4, 0.3], deviation: [0.2, 0.3, 0.4] },
    },
    outputs: [{ tensor: "features", part: "features", reduce: "none", prefixTokens: 0 }],
    layout: { parts: [{ name: "features", width: 3 }], defaultPart: "features" },
    precision: "float32",
  };
  return {
    inputs: {
      backbone: given("backbone", backbone, { op: "onnx", params: { file } }),
      examples: given("examples", { problem, classNames, labels, examples, notes: [] }),
      images: given("dataset", index, { op: "image_folder", params: folderParams(root) }),
    },
    isNear: true,
  };
}

/** The parameters of `image_folder`, complete. */
export function folderParams(root: string): Readonly<Record<string, unknown>> {
  return { root: { path: root }, problem: "auto", classes: null, train: ["train"], val: ["val"], test: ["test"] };
}

interface ImageSize {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
}

/** A PNG of slanting waves: what lies where can be seen in the features. */
async function writeImage(path: string, { width, height, channels }: ImageSize): Promise<void> {
  const pixels = Uint8Array.from(
    { length: width * height * channels },
    (_, index) => (index * index + 31 * index) % 251,
  );
  await mkdir(dirname(path), { recursive: true });
  await sharp(pixels, { raw: { width, height, channels } })
    .toColourspace(channels === 1 ? "b-w" : "srgb")
    .png()
    .toFile(path);
}
