import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { maxTrailing } from "./nifti-limits.ts";
import { bothVersions, refusalOfChanged, refusalText, soundNifti } from "./nifti-testing/sound-nifti.ts";
import { writeNifti } from "./nifti-testing/write-nifti.ts";

describe.each(bothVersions)("NIfTI-%i: a file that is cut short", (version) => {
  const file = writeNifti({ ...soundNifti, version });

  test("is refused at every length", async () => {
    expect(await refusalText(file)).toBe("none");
    for (let length = 0; length < file.length; length++) {
      expect(await refusalText(file.subarray(0, length)), String(length)).toMatch(/^image-damaged/);
    }
  });

  test("is refused at every length when it is packed", async () => {
    const packed = gzipSync(file);
    expect(await refusalText(packed)).toBe("none");
    for (let length = 0; length < packed.length; length++) {
      expect(await refusalText(packed.subarray(0, length)), String(length)).toMatch(/^image-damaged/);
    }
    // Packed soundly after it was cut.
    for (let length = 0; length < file.length; length += 7) {
      expect(await refusalText(gzipSync(file.subarray(0, length))), String(length)).toMatch(/^image-damaged/);
    }
  });
});

describe("sides", () => {
  test.each(bothVersions)("that are absurd are refused before memory is taken, in NIfTI-%i", async (version) => {
    const side = version === 1 ? 32767 : 2 ** 53;
    const dim = [4, side, side, side, side, 1, 1, 1];
    expect(await refusalOfChanged({ version, dim })).toMatch(/^image-damaged: .* promises .* bytes/);
    const packed = gzipSync(writeNifti({ ...soundNifti, version, dim }));
    expect(await refusalText(packed)).toMatch(/^image-damaged: .* promises .* bytes/);
  });

  test.each([
    ["negative", [3, 4, -5, 3, 1, 1, 1, 1], "4 x -5 x 3"],
    ["zero", [3, 4, 5, 0, 1, 1, 1, 1], "4 x 5 x 0"],
    ["zero after the third", [4, 4, 5, 3, 0, 1, 1, 1], "4 x 5 x 3 x 0"],
    ["none", [0, 4, 5, 3, 1, 1, 1, 1], "0 dimensions"],
    ["too many", [8, 4, 5, 3, 1, 1, 1, 1], "8 dimensions"],
    ["negatively many", [-3, 4, 5, 3, 1, 1, 1, 1], "-3 dimensions"],
  ])("are refused where they are %s", async (_, dim, shown) => {
    for (const version of bothVersions) {
      expect(await refusalOfChanged({ version, dim })).toMatch(/^image-damaged/);
      expect(await refusalOfChanged({ version, dim })).toContain(shown);
    }
  });

  test("after the fourth may be 1 alone", async () => {
    expect(await refusalOfChanged({ dim: [7, 4, 5, 3, 1, 1, 1, 1] })).toBe("none");
    expect(await refusalOfChanged({ dim: [5, 4, 5, 1, 1, 3, 1, 1] })).toMatch(/^image-unsupported: .*4 dimensions/);
    expect(await refusalOfChanged({ dim: [7, 4, 5, 1, 1, 1, 1, 3] })).toMatch(/^image-unsupported: .*4 dimensions/);
    expect(await refusalOfChanged({ dim: [1, 60, 1, 1, 1, 1, 1, 1] })).toMatch(/^image-unsupported: .*1 dimension/);
  });

  test("that are not counted are not looked at", async () => {
    expect(await refusalOfChanged({ dim: [3, 4, 5, 3, 0, -1, 7, 9] })).toBe("none");
  });

  test("that fit a file of another size are refused", async () => {
    const values = new Int16Array(maxTrailing);
    expect(await refusalOfChanged({ values, bitpix: 16 })).toMatch(/^image-damaged: .*goes on/);
    const packed = gzipSync(writeNifti({ ...soundNifti, values, bitpix: 16 }));
    expect(await refusalText(packed)).toMatch(/^image-damaged: .*goes on/);
  });
});

describe("the place of the voxels", () => {
  test.each([0, 16, 351, -352, 352.5, NaN, Infinity, 1e30])("is refused at %d", async (voxOffset) => {
    expect(await refusalOfChanged({ voxOffset })).toMatch(/^image-damaged: .*vox_offset/);
  });

  test.each([0, 348, 352, 543, -1])("is refused at %d in NIfTI-2", async (voxOffset) => {
    expect(await refusalOfChanged({ version: 2, voxOffset })).toMatch(/^image-damaged: .*vox_offset/);
  });

  test("is refused beyond the end", async () => {
    expect(await refusalOfChanged({ voxOffset: 353 })).toMatch(/^image-damaged: .*promises 473 bytes, and it has 472/);
    expect(await refusalOfChanged({ voxOffset: 2 ** 30 })).toMatch(/^image-damaged: .*promises/);
    expect(await refusalOfChanged({ version: 2, voxOffset: 2 ** 50 })).toMatch(/^image-damaged: .*promises/);
  });
});
