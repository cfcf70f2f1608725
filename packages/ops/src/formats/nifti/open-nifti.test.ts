import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { readNiftiFixture } from "../../../../../tests/ops/reference/nifti-fixture.ts";
import { anatomicalAxes, type Volume } from "../volume/volume.ts";
import { orientations, phantomShape, phantomSpacing, phantomVoxel, storePhantom } from "./nifti-testing/phantom.ts";
import { qformOf } from "./nifti-testing/qform-of.ts";
import { valuesThrough } from "./nifti-testing/volume-values.ts";
import { writeNifti, type WrittenNifti } from "./nifti-testing/write-nifti.ts";
import { isNifti, openNifti } from "./open-nifti.ts";
import { readNifti } from "./read-nifti.ts";

const scaling = { slope: 0.5, intercept: -100 };

type Variant = Pick<WrittenNifti, "version" | "isLittleEndian" | "extension"> & {
  readonly form: "sform" | "qform" | "both";
  readonly isPacked?: boolean;
};

const variants: readonly (Variant & { readonly name: string })[] = [
  { name: "an sform", form: "sform" },
  { name: "a qform", form: "qform" },
  { name: "an sform, where the qform says something else", form: "both" },
  { name: "big-endian bytes", form: "sform", isLittleEndian: false },
  { name: "big-endian bytes and a qform", form: "qform", isLittleEndian: false },
  { name: "gzip", form: "sform", isPacked: true },
  { name: "a header extension", form: "qform", extension: 32 },
  { name: "NIfTI-2", form: "sform", version: 2 },
  { name: "NIfTI-2 and a qform", form: "qform", version: 2, extension: 16 },
  { name: "NIfTI-2, big-endian, gzip", form: "qform", version: 2, isLittleEndian: false, isPacked: true },
];

describe("all 48 orientations of a phantom", () => {
  test.each(variants)("come upright with $name", async (variant) => {
    const plain = phantomValues();
    expect(orientations).toHaveLength(48);
    for (const orientation of orientations) {
      const volume = await openNifti(writePhantom(orientation, variant), "phantom.nii");
      expect(volume.shape).toEqual(phantomShape);
      expect(volume.frames).toBe(1);
      volume.spacing.forEach((size, axis) => expect(size).toBeCloseTo(phantomSpacing[axis]!, 6));
      for (const axis of anatomicalAxes) expect(valuesThrough(volume, axis)).toEqual(plain);
      expect(volume.range()).toEqual({ low: -44.5, high: 77, notFinite: 0 });
    }
  });
});

describe("files of nibabel", () => {
  test.each(readNiftiFixture().files)("are read as it reads them: $name", async (file) => {
    const volume = await openNifti(file.content, "file.nii");
    expect(volume.shape).toEqual(file.shape);
    expect(volume.frames).toBe(file.frames);
    volume.spacing.forEach((size, axis) => expect(size / file.spacing[axis]!).toBeCloseTo(1, 13));
    const grid = await readNifti(file.content, "file.nii");
    const affine = grid.affine.flat();
    file.affine.flat().forEach((part, index) => expect(affine[index]).toBeCloseTo(part, 11));
    for (const axis of anatomicalAxes) expect(allFrames(volume, axis)).toEqual(file.values);
    const packed = await openNifti(gzipSync(file.content), "file.nii.gz");
    expect(allFrames(packed, "axial")).toEqual(file.values);
  });
});

describe("bytes as they come", () => {
  const { content, values } = readNiftiFixture().files[0]!;

  test("may lie at an odd place in a larger buffer, and are not changed", async () => {
    for (const isLittleEndian of [true, false]) {
      const file = writePhantom(orientations[11]!, { form: "sform", isLittleEndian });
      const pool = Buffer.alloc(file.length + 3);
      pool.set(file, 3);
      const volume = await openNifti(pool.subarray(3), "phantom.nii");
      expect(valuesThrough(volume, "axial")).toEqual(phantomValues());
      expect(Buffer.compare(pool.subarray(3), file)).toBe(0);
    }
  });

  test("may be followed by a few others", async () => {
    const longer = Buffer.concat([content, Buffer.alloc(500)]);
    expect(valuesThrough(await openNifti(longer, "file.nii"), "axial")).toEqual(values);
    expect(valuesThrough(await openNifti(gzipSync(longer), "file.nii.gz"), "axial")).toEqual(values);
  });

  test("may be packed in several parts", async () => {
    const parts = [content.subarray(0, 100), content.subarray(100, 360), content.subarray(360)];
    const packed = Buffer.concat(parts.map((part) => gzipSync(part)));
    expect(valuesThrough(await openNifti(packed, "file.nii.gz"), "axial")).toEqual(values);
  });

  test("are known by what they hold", () => {
    const head = writeNifti({ ...phantomFile(orientations[0]!, { form: "sform" }), isPair: true });
    for (const bytes of [content, gzipSync(content), writePhantom(orientations[0]!, { form: "qform", version: 2 })]) {
      expect(isNifti(bytes)).toBe(true);
    }
    for (const bytes of [
      head,
      gzipSync(head),
      new Uint8Array(),
      Buffer.from([0x1f, 0x8b]),
      Buffer.alloc(1000),
      gzipSync("text"),
    ]) {
      expect(isNifti(bytes)).toBe(false);
    }
  });
});

describe("units of length", () => {
  test.each([
    ["unknown", 0, 1],
    ["metres", 1, 1000],
    ["millimetres and seconds", 10, 1],
    ["micrometres", 3, 0.001],
  ])("%s", async (_, units, millimetres) => {
    for (const version of [1, 2] as const) {
      const file = writeNifti({ ...phantomFile(orientations[0]!, { form: "sform", version }), units });
      const { spacing } = await openNifti(file, "phantom.nii");
      spacing.forEach((size, axis) => expect(size / millimetres).toBeCloseTo(phantomSpacing[axis]!, 12));
    }
  });
});

function phantomFile(orientation: (typeof orientations)[number], variant: Variant): WrittenNifti {
  const stored = storePhantom(orientation);
  const { shape, values, rotation, sizes } = stored;
  const rows = rotation.map((row, at) => [...row.map((part, axis) => part * sizes[axis]!), at * 7 - 3]);
  const wrong = { qform: { code: 1, quatern: [0.6, 0, 0.8], offset: [0, 0, 0] }, pixdim: [-1, 9, 8, 7] };
  return {
    ...variant,
    shape,
    values,
    datatype: 4,
    ...scaling,
    ...(variant.form === "qform" ? qformOf(stored) : { sform: { code: 1, rows } }),
    ...(variant.form === "both" ? wrong : {}),
  };
}

function writePhantom(orientation: (typeof orientations)[number], variant: Variant): Uint8Array {
  const file = writeNifti(phantomFile(orientation, variant));
  return variant.isPacked === true ? new Uint8Array(gzipSync(file)) : file;
}

function phantomValues(): Float64Array {
  const [nx, ny, nz] = phantomShape;
  return Float64Array.from({ length: nx * ny * nz }, (_, index) => {
    const stored = phantomVoxel(index % nx, Math.floor(index / nx) % ny, Math.floor(index / (nx * ny)));
    return stored * scaling.slope + scaling.intercept;
  });
}

function allFrames(volume: Volume, axis: (typeof anatomicalAxes)[number]): Float64Array {
  const frames = Array.from({ length: volume.frames }, (_, frame) => [...valuesThrough(volume, axis, frame)]);
  return Float64Array.from(frames.flat());
}
