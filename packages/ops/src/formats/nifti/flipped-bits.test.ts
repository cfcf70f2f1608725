import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { anatomicalAxes } from "../volume/volume.ts";
import { refusalOf } from "./nifti-testing/refusal-of.ts";
import { soundNifti, soundQform } from "./nifti-testing/sound-nifti.ts";
import { valuesThrough } from "./nifti-testing/volume-values.ts";
import { writeNifti } from "./nifti-testing/write-nifti.ts";
import { isNifti, openNifti } from "./open-nifti.ts";

describe("flipped bits", () => {
  test.each([
    ["NIfTI-1", writeNifti(soundNifti)],
    ["NIfTI-2", writeNifti({ ...soundNifti, version: 2 })],
    [
      "NIfTI-1, qform, big-endian",
      writeNifti({ ...soundNifti, sform: { ...soundNifti.sform, code: 0 }, qform: soundQform, isLittleEndian: false }),
    ],
    ["NIfTI-1, packed", new Uint8Array(gzipSync(writeNifti(soundNifti)))],
  ])("of %s give a volume or a refusal", async (_, file) => {
    let state = 2024;
    const draw = (below: number): number => {
      state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
      return (state >> 8) % below;
    };
    let read = 0;
    for (let round = 0; round < 1000; round++) {
      const flipped = file.slice();
      for (let count = 1 + draw(3); count > 0; count--) flipped[draw(file.length)]! ^= 1 << draw(8);
      const isKnown = isNifti(flipped);
      const opening = openNifti(flipped, "head.nii");
      if ((await refusalOf(opening)) !== null) continue;
      read++;
      expect(isKnown).toBe(true);
      const volume = await opening;
      for (const axis of anatomicalAxes) expect(valuesThrough(volume, axis).length).toBeGreaterThan(0);
      expect(volume.range().notFinite).toBeGreaterThanOrEqual(0);
    }
    expect(read).toBeGreaterThan(0);
    expect(read).toBeLessThan(1000);
  });
});
