import { describe, expect, it } from "vitest";
import { readRescaleFixture } from "../../../../tests/ops/reference/rescale-fixture.ts";
import type { DecodedImage } from "./decoded-image.ts";
import { roundToHalf } from "./round-to-half.ts";

const { halves } = readRescaleFixture();

describe("roundToHalf", () => {
  it("gives numpy's float16 of 16-bit values", () => {
    expect([...halved(halves.values)]).toEqual(halves.halves);
  });

  it("keeps what half precision has no finite number for at the largest that it has", () => {
    expect([...halved([65519, 65520, 65535])]).toEqual([65504, 65504, 65504]);
  });

  it("leaves bytes alone", () => {
    const image: DecodedImage = { width: 2, height: 1, channels: 1, data: Uint8Array.of(3, 255) };
    expect(roundToHalf(image)).toBe(image);
  });
});

function halved(values: readonly number[]): ArrayLike<number> & Iterable<number> {
  return roundToHalf({ width: values.length, height: 1, channels: 1, data: Uint16Array.from(values) }).data;
}
