import { describe, expect, test } from "vitest";
import { bothVersions, refusalOfChanged, soundNifti, soundQform } from "./nifti-testing/sound-nifti.ts";
import { writeNifti, type WrittenNifti } from "./nifti-testing/write-nifti.ts";
import { openNifti } from "./open-nifti.ts";

describe("types of voxels", () => {
  test.each([8, 24, 32, 0, -16])("are refused with %d bits where they have 16", async (bitpix) => {
    expect(await refusalOfChanged({ bitpix })).toMatch(/^image-damaged: .*int16/);
  });

  test.each([
    [0, 8, /no stated type/],
    [1, 1, /single bits/],
    [32, 64, /complex64/],
    [1536, 128, /float128/],
    [1792, 128, /complex128/],
    [2048, 256, /complex256/],
    [2304, 32, /RGBA32/],
    [3, 16, /unknown type 3/],
    [-4, 16, /unknown type -4/],
  ])("%d are refused by name", async (datatype, bitpix, shown) => {
    const message = await refusalOfChanged({ datatype, bitpix });
    expect(message).toMatch(/^image-unsupported/);
    expect(message).toMatch(shown);
  });

  test("of 64 bits are refused where a double cannot hold one exactly", async () => {
    const values = new BigInt64Array(60);
    for (const [value, expected] of [
      [2n ** 53n - 1n, /^none/],
      [-(2n ** 53n) + 1n, /^none/],
      [2n ** 53n + 1n, /^image-unsupported: .*64-bit/],
      [-(2n ** 53n) - 1n, /^image-unsupported: .*64-bit/],
      [-(2n ** 63n), /^image-unsupported: .*64-bit/],
    ] as const) {
      values[59] = value;
      expect(await refusalOfChanged({ values, datatype: 1024 })).toMatch(expected);
    }
    const unsigned = new BigUint64Array(60).fill(2n ** 64n - 1n);
    expect(await refusalOfChanged({ values: unsigned, datatype: 1280 })).toMatch(/^image-unsupported: .*64-bit/);
  });

  test("with a slope need an intercept", async () => {
    expect(await refusalOfChanged({ slope: 2, intercept: NaN })).toMatch(/^image-damaged: .*scl_inter/);
    expect(await refusalOfChanged({ slope: 0, intercept: NaN })).toBe("none");
  });
});

describe("directions", () => {
  test.each([
    ["an sform with an unknown code", { sform: { ...soundNifti.sform, code: 6 } }, /sform has the unknown code 6/],
    ["a qform with an unknown code", { qform: { ...soundQform, code: -1 } }, /qform has the unknown code -1/],
    [
      "a quaternion that is too long",
      { sform: undefined, qform: { ...soundQform, quatern: [0.8, 0.6, 0.1] } },
      /quaternion/,
    ],
    ["a quaternion of NaN", { sform: undefined, qform: { ...soundQform, quatern: [NaN, 0, 0] } }, /not finite/],
    ["an odd sign of the third axis", { sform: undefined, qform: soundQform, pixdim: [-0.5, 1, 1, 1] }, /pixdim\[0\]/],
    ["sizes that are infinite", { sform: undefined, pixdim: [1, Infinity, 1, 1] }, /not finite/],
    ["an sform of zeros", { sform: { code: 1, rows: [] } }, /singular/],
    ["an sform of NaN", { sform: { code: 1, rows: [[NaN]] } }, /not finite/],
  ])("are refused with %s", async (_, change, shown) => {
    for (const version of bothVersions) {
      const message = await refusalOfChanged({ version, ...change } as Partial<WrittenNifti>);
      expect(message).toMatch(/^image-damaged/);
      expect(message).toMatch(shown);
    }
  });

  test("are mended as nibabel does: no size is 1, signs of sizes go, an odd positive sign of the third axis is 1", async () => {
    const { sform: _, ...withoutForm } = soundNifti;
    const written = { ...withoutForm, qform: soundQform, pixdim: [3, -2, 0, 1.5] };
    const volume = await openNifti(writeNifti(written), "head.nii");
    expect(volume.spacing).toEqual([2, 1, 1.5]);
    // Stored left to right, posterior to anterior, inferior to superior: the upper left pixel is the slice's last.
    expect(volume.slice("axial", 0).data[0]).toBe(19 * 37);
  });
});

describe("what a header says in passing", () => {
  test.each(bothVersions)(
    "two dimensions are a slice of thickness 1, whatever else stands there, in NIfTI-%i",
    async (version) => {
      const { sform: _, ...withoutForm } = soundNifti;
      const volume = await openNifti(
        writeNifti({ ...withoutForm, version, shape: [12, 5], pixdim: [1, 2, 3, 7] }),
        "head.nii",
      );
      expect(volume.shape).toEqual([12, 5, 1]);
      expect(volume.spacing).toEqual([2, 3, 1]);
      // As nibabel has it, the first axis runs to the left where no form says otherwise.
      expect(volume.slice("axial", 0).data[0]).toBe(48 * 37);
    },
  );

  test("a slope is not for colours", async () => {
    const values = Uint8Array.from({ length: 180 }, (_, index) => index);
    const file = writeNifti({ ...soundNifti, datatype: 128, values, slope: 3, intercept: 1 });
    const volume = await openNifti(file, "head.nii");
    expect(volume.range()).toEqual({ low: 0, high: 179, notFinite: 0 });
    const { channels, data } = volume.slice("axial", 2);
    expect([channels, data.constructor.name, ...data.subarray(0, 3)]).toEqual([3, "Uint8Array", 168, 169, 170]);
  });
});
