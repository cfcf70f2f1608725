import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { maxVolumeBytes } from "./nifti-limits.ts";
import { refusalText, soundNifti } from "./nifti-testing/sound-nifti.ts";
import { writeNifti } from "./nifti-testing/write-nifti.ts";
import { openNifti } from "./open-nifti.ts";

describe("gzip", () => {
  test("that unpacks to far more than the header says is left off", async () => {
    const bomb = gzipSync(Buffer.concat([writeNifti(soundNifti), Buffer.alloc(2 ** 26)]));
    expect(await refusalText(bomb)).toMatch(/^image-damaged: .*goes on/);
  });

  test("of a header that promises what its bytes cannot hold is refused", async () => {
    const bomb = gzipSync(writeNifti({ ...soundNifti, dim: [3, 1000, 1000, 1000, 1, 1, 1, 1] }));
    expect(await refusalText(bomb)).toMatch(/^image-damaged: .*cannot unpack to as many/);
  });

  test("of more than is read is refused before it is unpacked", async () => {
    // Zeros in parts, which unpackers take for one file.
    const zeros = gzipSync(Buffer.alloc(2 ** 24), { level: 9 });
    const parts = Array.from({ length: 150 }, () => zeros);
    const bomb = Buffer.concat([
      gzipSync(writeNifti({ ...soundNifti, dim: [3, 1024, 1024, 1200, 1, 1, 1, 1] })),
      ...parts,
    ]);
    expect(1024 * 1024 * 1200 * 2).toBeGreaterThan(maxVolumeBytes);
    expect(await refusalText(bomb)).toMatch(/^image-too-large/);
  });

  test("with a wrong checksum is refused", async () => {
    for (const fromEnd of [1, 5]) {
      const packed = gzipSync(writeNifti(soundNifti));
      packed[packed.length - fromEnd]! ^= 1;
      expect(await refusalText(packed)).toMatch(/^image-damaged: .*unpacked/);
    }
  });

  test("of a mask, which is nearly all zero, is read", async () => {
    const values = new Uint8Array(256 * 256 * 100);
    values[12345] = 1;
    const packed = gzipSync(writeNifti({ ...soundNifti, shape: [256, 256, 100], datatype: 2, values }));
    expect(values.length / packed.length).toBeGreaterThan(900);
    expect((await openNifti(packed, "mask.nii.gz")).range()).toEqual({ low: 0, high: 1, notFinite: 0 });
  });
});
