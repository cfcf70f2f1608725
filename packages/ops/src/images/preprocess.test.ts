import { describe, expect, it } from "vitest";
import { float32Result, readResampleFixture, sourceImage } from "../../../../tests/ops/reference/resample-fixture.ts";
import { readRescaleFixture } from "../../../../tests/ops/reference/rescale-fixture.ts";
import type { Preprocessing } from "../artifacts/backbone.ts";
import type { DecodedImage } from "./decoded-image.ts";
import { preprocessImage } from "./preprocess.ts";

const { preprocess } = readResampleFixture();

const plain: Preprocessing = {
  input: "pixels",
  imageSize: 4,
  resizeTo: 4,
  resample: "pillow_bilinear",
  fit: "squash",
  mean: [0, 0, 0],
  deviation: [1, 1, 1],
};

describe("preprocessImage", () => {
  it.each(preprocess)(
    "gives torchvision's tensor: $preprocessing.resample, $preprocessing.fit, $from, $channels channels",
    (expected) => {
      const reference = float32Result(expected);
      const target = new Float32Array(reference.length + 5);
      preprocessImage(sourceImage(expected), expected.preprocessing, target, 2);
      expect(target.subarray(2, 2 + reference.length)).toEqual(reference);
      expect([target[0], target[1], ...target.subarray(-3)]).toEqual([0, 0, 0, 0, 0]);
    },
  );

  it.each(readRescaleFixture().cases)(
    "gives the published study's tensor: $bits bit, $channels channels, half reads $preprocessing.halfReads",
    (expected) => {
      const reference = float32Result(expected);
      const target = new Float32Array(reference.length);
      preprocessImage(sourceImage(expected), expected.preprocessing, target, 0);
      const distances = target.map((value, index) => Math.abs(value - (reference[index] ?? Number.NaN)));
      // Values reach 2.6: this is about 1e-6 of the range.
      expect(distances.every((distance) => distance < 5e-6)).toBe(true);
    },
  );

  it("stretches a constant channel to 0, where the plain formula has no number", () => {
    const data = Uint8Array.from({ length: 48 }, (_, index) => (index % 3 === 1 ? 7 : index));
    const target = new Float32Array(48);
    const image: DecodedImage = { width: 4, height: 4, channels: 3, data };
    preprocessImage(image, { ...plain, rescale: "min_max", mean: [0, 0.25, 0] }, target, 0);
    expect(new Set(target.subarray(16, 32))).toEqual(new Set([-0.25]));
    expect([target[0], target[15]]).toEqual([0, 1]);
  });

  it("rounds to half precision before it resizes", () => {
    const image: DecodedImage = { width: 4, height: 4, channels: 1, data: new Uint16Array(16).fill(30_007) };
    const target = new Float32Array(48);
    preprocessImage(image, { ...plain, halfReads: true }, target, 0);
    expect(new Set(target)).toEqual(new Set([Math.fround(30_000 / 65535)]));
  });

  it("scales 16-bit pixels by 65535 and keeps what 8 bits would lose", () => {
    const data = Uint16Array.from({ length: 16 }, (_, index) => 30_000 + index);
    const image: DecodedImage = { width: 4, height: 4, channels: 1, data };
    const target = new Float32Array(48);
    preprocessImage(image, plain, target, 0);
    const expected = Float32Array.from(data, (value) => value / 65535);
    for (let channel = 0; channel < 3; channel++) {
      expect(target.subarray(channel * 16, channel * 16 + 16)).toEqual(expected);
    }
  });

  it("computes only the crop of an extremely long image", () => {
    const image: DecodedImage = { width: 4000, height: 1, channels: 1, data: new Uint8Array(4000).fill(51) };
    const target = new Float32Array(3 * 224 * 224);
    preprocessImage(image, { ...plain, imageSize: 224, resizeTo: 224, fit: "shorter-side" }, target, 0);
    expect(new Set(target)).toEqual(new Set([Math.fround(0.2)]));
  });

  it("refuses a crop that is larger than the resized image", () => {
    const image: DecodedImage = { width: 8, height: 8, channels: 1, data: new Uint8Array(64) };
    expect(() => {
      preprocessImage(image, { ...plain, resizeTo: 3 }, new Float32Array(48), 0);
    }).toThrow("A centre crop of 4 pixels cannot be taken of an image resized to 3.");
  });
});
