import { describe, expect, it } from "vitest";
import type { RawImage } from "../raw-image.ts";
import { applyWindow } from "./apply-window.ts";
import { percentilesOf } from "./percentiles.ts";

const image = (data: RawImage["data"], display: RawImage["display"] = null): RawImage => ({
  ...{ width: data.length, height: 1, channels: 1, data, display },
});
const greys = (raw: RawImage, window: Parameters<typeof applyWindow>[1]) => [
  ...applyWindow(raw, window, "scan.dcm").data,
];
const file = { kind: "file" } as const;

describe("applyWindow", () => {
  it("stretches a range in the source's units, and cuts off what is beyond", () => {
    const window = { kind: "range", low: -100, high: 100 } as const;
    expect(greys(image(Int16Array.of(-2000, -100, 0, 50, 100, 3000)), window)).toEqual([0, 0, 0.5, 0.75, 1, 1]);
    const inverted = { voi: null, isInverted: true };
    expect(greys(image(Int16Array.of(-2000, 0, 3000), inverted), window)).toEqual([1, 0.5, 0]);
  });

  it("leaves plain 8- and 16-bit values alone, and takes all values where units are the file's own", () => {
    expect(applyWindow(image(Uint8Array.of(3, 9)), file, "a").data).toEqual(Uint8Array.of(3, 9));
    expect(applyWindow(image(Uint16Array.of(3, 999)), file, "a").data).toEqual(Uint16Array.of(3, 999));
    expect(greys(image(Int16Array.of(-10, 0, 30)), file)).toEqual([0, 0.25, 1]);
    expect(greys(image(Uint16Array.of(10, 20, 50), { voi: null, isInverted: true }), file)).toEqual([1, 0.75, 0]);
    expect(greys(image(Int16Array.of(7, 7)), file)).toEqual([0, 0]);
    // A DICOM file without a window: 12 of 16 bits would be next to black.
    const unsaid = { voi: null, isInverted: false };
    expect(greys(image(Uint16Array.of(0, 66, 264), unsaid), file)).toEqual([0, 0.25, 1]);
    expect(applyWindow(image(Uint8Array.of(3, 9), unsaid), file, "a").data).toEqual(Uint8Array.of(3, 9));
    const negative = { voi: null, isInverted: true };
    expect(applyWindow(image(Uint8Array.of(3, 9), negative), file, "a").data).toEqual(Uint8Array.of(252, 246));
  });

  it("shows what the file asks for, unless the program says otherwise", () => {
    const voi = { kind: "linear_exact", center: 50, width: 100 } as const;
    expect(greys(image(Int16Array.of(0, 25, 100, 900), { voi, isInverted: false }), file)).toEqual([0, 0.25, 1, 1]);
    const window = { kind: "range", low: 0, high: 1000 } as const;
    expect(greys(image(Int16Array.of(0, 250, 1000), { voi, isInverted: false }), window)).toEqual([0, 0.25, 1]);
  });

  it("counts what is NaN or infinite and refuses it, by name", () => {
    for (const value of [NaN, Infinity, -Infinity]) {
      expect(() => applyWindow(image(Float32Array.of(0, value, 1)), file, "scan.nii")).toThrow(
        "scan.nii has 1 of 3 values that are NaN or infinite.",
      );
    }
  });

  it("takes percentiles of each image by itself", () => {
    const window = { kind: "percentiles", low: 25, high: 75 } as const;
    expect(greys(image(Int16Array.of(0, 10, 20, 30, 40)), window)).toEqual([0, 0, 0.5, 1, 1]);
  });
});

// Numbers of numpy.percentile of the same lists (NumPy 2.4).
it.each([
  [Int16Array.of(5, -3, 8, 1), [0, 5, 50, 95, 100], [-3, -2.4, 3, 7.55, 8]],
  [Float32Array.of(0.1, 0.7, 0.2), [10, 33, 90], [0.12000000178813934, 0.16600000247359276, 0.5999999910593034]],
])("percentiles of %s are NumPy's", (values, percentiles, expected) => {
  percentilesOf(values, percentiles).forEach((value, index) => {
    expect(value).toBeCloseTo(expected[index]!, 7);
  });
});
