import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  pictureOf,
  readPreparedCases,
  samplesOf,
  type PreparedCase,
  type PreparedInput,
} from "../../../../../tests/ops/reference/preprocessing-fixture.ts";
import type { Preprocessing } from "../../artifacts/backbone.ts";
import { preprocessImage } from "../../images/preprocess.ts";
import { publishedBackbones } from "./published-backbones.ts";
import { publishedOp } from "./published-op.ts";
import { publishedPreprocessing, type PublishedPreprocessingParams } from "./published-preprocessing.ts";

describe.each(readPreparedCases())("$backbone $weights, as $by prepares its images", (prepared) => {
  const preprocessing = defaultOf(prepared);
  // The buffer is used again for every image, as a batch's is.
  const input = new Float32Array(3 * prepared.side ** 2);

  it.each(prepared.inputs)("prepares an image of $from", (expected) => {
    expect(preprocessing.imageSize).toBe(prepared.side);
    preprocessImage(pictureOf(expected.from), preprocessing, input, 0);
    const isExact = expected.levels !== undefined;
    const largest = Math.max(...samplesOf(input, expected).map(([found, kept]) => Math.abs(found - kept)));
    // Where tensors are resized and not Pillow's images, within one grey level.
    const level = 1 / 255 / Math.min(...preprocessing.deviation);
    expect(largest).toBeLessThan(isExact ? 1e-6 : level);
    for (const [channel, sum] of expected.sums.entries()) {
      const values = channelOf(input, channel);
      expect(Math.abs(sumOf(values) - sum) / values.length).toBeLessThan(isExact ? 1e-7 : level / 50);
    }
    if (isExact) expect(digestOfLevels(input, preprocessing)).toBe(expected.levels);
  });
});

describe("publishedPreprocessing", () => {
  it("keeps the share of the crop where a program has a side of its own", () => {
    const share = (backbone: string, params: Partial<PublishedPreprocessingParams>): number =>
      defaultOf({ backbone }, params).resizeTo;
    expect(share("dinov2_vitl14", { image_size: 518 })).toBe(592);
    expect(share("resnet152", { image_size: 448 })).toBe(464);
    expect(share("clip_vit_l14", { image_size: 448 })).toBe(448);
    expect(share("sam_vit_l", { image_size: 512 })).toBe(512);
  });

  it("takes what a program says in place of what was published", () => {
    const said = defaultOf({ backbone: "dinov2_vitl14" }, { resize_to: 300, fit: "squash", mean: [0, 0, 0] });
    expect(said).toMatchObject({ imageSize: 224, resizeTo: 300, fit: "squash", mean: [0, 0, 0] });
    expect(defaultOf({ backbone: "dinov2_vitl14" }, { fit: "longest_side" }).resizeTo).toBe(224);
    expect(defaultOf({ backbone: "sam_vit_l" }, { fit: "shorter_side" }).resizeTo).toBe(1024);
  });
});

/** What the constructor prepares by with these parameters, and its own defaults for all others. */
function defaultOf(
  { backbone: name, weights }: Pick<PreparedCase, "backbone" | "weights">,
  params: Partial<PublishedPreprocessingParams> = {},
): Preprocessing {
  const backbone = publishedBackbones.find((each) => each.name === name)!;
  const specs = Object.entries(publishedOp(backbone).signature.params);
  const defaults = Object.fromEntries(specs.map(([key, spec]) => [key, "default" in spec ? spec.default : undefined]));
  const from = weights === undefined ? {} : { weights: backbone.weights[weights]!.from };
  return publishedPreprocessing(backbone, { ...defaults, ...from, ...params } as PublishedPreprocessingParams);
}

/** SHA-256 of the levels that the values came from; a padding's zeros are the mean's. */
function digestOfLevels(input: Float32Array, { mean, deviation }: Preprocessing): PreparedInput["levels"] {
  const hash = createHash("sha256");
  for (const channel of [0, 1, 2]) {
    const [factor, addend] = [255 * deviation[channel]!, 255 * mean[channel]!];
    const values = channelOf(input, channel);
    const levels = new Uint8Array(values.length);
    for (let index = 0; index < values.length; index++) levels[index] = Math.round(values[index]! * factor + addend);
    hash.update(levels);
  }
  return hash.digest("hex");
}

function channelOf(input: Float32Array, channel: number): Float32Array {
  const area = input.length / 3;
  return input.subarray(channel * area, (channel + 1) * area);
}

function sumOf(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
