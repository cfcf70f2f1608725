import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { refusalText, soundNifti } from "./nifti-testing/sound-nifti.ts";
import { writeNifti } from "./nifti-testing/write-nifti.ts";

describe("other formats", () => {
  test.each([
    ["an empty file", new Uint8Array(), /empty/],
    ["a file of text", Buffer.from("x,y\n1,2\n"), /no NIfTI/],
    ["a short file", Buffer.from([0x5c, 1]), /no NIfTI/],
    ["Analyze 7.5", withoutMark(1), /Analyze 7\.5/],
    ["NIfTI-2 without its mark", withoutMark(2), /NIfTI-2/],
    ["MGH", mghStart(), /FreeSurfer volume/],
    ["MGH, packed", gzipSync(mghStart()), /FreeSurfer volume/],
    ["half of a pair", writeNifti({ ...soundNifti, isPair: true }), /pair/],
    ["CIFTI", writeNifti({ ...soundNifti, version: 2, intent: 3001, dim: [6, 1, 1, 1, 1, 5, 6, 1] }), /CIFTI/],
    ["a surface", writeNifti({ ...soundNifti, dim: [3, 27307, 1, 6, 1, 1, 1, 1] }), /surface/],
    ["NIfTI-2 that was sent as text", withTextEnds(), /line ends/],
  ])("%s is refused by name", async (_, bytes, shown) => {
    const message = await refusalText(bytes);
    expect(message).toMatch(/^image-(damaged|unsupported)/);
    expect(message).toMatch(shown);
  });
});

function withoutMark(version: 1 | 2): Uint8Array {
  const file = writeNifti({ ...soundNifti, version });
  file.fill(0, version === 1 ? 344 : 4, version === 1 ? 348 : 12);
  return file;
}

function withTextEnds(): Uint8Array {
  const file = writeNifti({ ...soundNifti, version: 2 });
  file.set([0x0a, 0x1a, 0x0a, 0x00], 8);
  return file;
}

/** Version 1, 3 x 4 x 5 voxels, one frame, of unsigned bytes; then zeros. */
function mghStart(): Uint8Array {
  const bytes = new Uint8Array(284 + 60);
  const view = new DataView(bytes.buffer);
  [1, 3, 4, 5, 1, 0].forEach((field, index) => view.setInt32(index * 4, field, false));
  return bytes;
}
