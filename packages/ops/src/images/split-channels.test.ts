import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { splitChannels, type StoredPlane } from "./split-channels.ts";

const [width, height] = [301, 157];

describe("splitChannels", () => {
  const cases: Readonly<Record<string, (length: number, value: (index: number) => number) => StoredPlane>> = {
    "8-bit": (length, value) => Uint8Array.from({ length }, (_, index) => value(index)),
    "16-bit": (length, value) => Uint16Array.from({ length }, (_, index) => value(index)),
  };

  it.each(Object.entries(cases))("gives every third value of an %s image", (_, make) => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40_000 }), fc.nat(1000), (pixels, seed) => {
        const data = make(pixels * 3, (index) => (index * 31 + seed) % 251);
        const expected = [0, 1, 2].map((channel) => data.filter((__, index) => index % 3 === channel));
        expect(splitChannels({ width: pixels, height: 1, channels: 3, data })).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });

  it.each(Object.entries(cases))("gives one plane of an %s image whose channels are equal", (_, make) => {
    const grey = make(width * height, (index) => (index * 7) % 256);
    const data = make(width * height * 3, (index) => (Math.floor(index / 3) * 7) % 256);
    expect(splitChannels({ width, height, channels: 3, data })).toEqual([grey]);
  });

  it.each([0, 15, 16, 16_383, 16_384, 47_256])("finds the one pixel that is not grey: %i", (place) => {
    for (const channel of [0, 1, 2]) {
      const data = new Uint8Array(width * height * 3).fill(9);
      data[place * 3 + channel] = 10;
      const planes = splitChannels({ width, height, channels: 3, data });
      expect(planes).toHaveLength(3);
      expect(planes.map((plane) => plane[place])).toEqual([0, 1, 2].map((other) => (other === channel ? 10 : 9)));
      expect(planes.map((plane) => plane.filter((value) => value !== 9).length)).toEqual(
        [0, 1, 2].map((other) => (other === channel ? 1 : 0)),
      );
    }
  });
});
