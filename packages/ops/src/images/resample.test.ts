import { describe, expect, it } from "vitest";
import { float32Result, readResampleFixture, sourceImage } from "../../../../tests/ops/reference/resample-fixture.ts";
import { planarImage, type PlanarImage } from "./planar-image.ts";
import { resample } from "./resample.ts";

const { resize } = readResampleFixture();

describe("resample", () => {
  it.each(resize)("$method, $bits bit, $channels channels, $from to $to", (expected) => {
    const image = sourceImage(expected);
    const [width, height] = expected.to;
    const result = interleaved(resample(planarImage(image), { width, height }, expected.method), expected.channels);

    if (expected.type === "uint8") {
      expect(result).toEqual(new Uint8Array(Buffer.from(expected.result, "base64")));
      return;
    }
    const reference = float32Result(expected);
    const tolerance = expected.bits === 8 ? 1e-4 : 1e-4 * 257;
    expect(result).toBeInstanceOf(Float32Array);
    expect(result.length).toBe(reference.length);
    expect(largestDifference(result, reference)).toBeLessThanOrEqual(tolerance);
  });

  it.each(["pillow_lanczos", "torch_bicubic", "torch_bicubic_antialias"] as const)(
    "gives for a crop what cropping the whole result gives: %s",
    (method) => {
      const image = sourceImage({ from: [31, 40], channels: 3, bits: 8 });
      const whole = interleaved(resample(planarImage(image), { width: 20, height: 50 }, method), 3);
      const crop = { left: 7, top: 13, width: 9, height: 21 };
      const part = interleaved(resample(planarImage(image), { width: 20, height: 50, crop }, method), 3);
      for (let y = 0; y < crop.height; y++) {
        const start = ((y + crop.top) * 20 + crop.left) * 3;
        const row = part.subarray(y * crop.width * 3, (y + 1) * crop.width * 3);
        expect(row).toEqual(whole.subarray(start, start + crop.width * 3));
      }
    },
  );
});

/** Pixel by pixel, as the reference has them. */
function interleaved({ planes, width, height }: PlanarImage, channels: 1 | 3): Uint8Array | Float32Array {
  expect(planes).toHaveLength(channels);
  const values = Array.from({ length: width * height * channels }, (_, index) => {
    return planes[index % channels]?.[Math.floor(index / channels)] ?? Number.NaN;
  });
  return planes[0] instanceof Uint8Array ? Uint8Array.from(values) : Float32Array.from(values);
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let largest = 0;
  for (let index = 0; index < a.length; index++) {
    const difference = Math.abs((a[index] ?? Number.NaN) - (b[index] ?? Number.NaN));
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}
