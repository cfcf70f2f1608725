import { describe, expect, test } from "vitest";
import { OpError } from "../../op-error.ts";
import type { Affine } from "./affine.ts";
import { canonicalVolume } from "./canonical-volume.ts";
import type { VoxelGrid } from "./voxel-grid.ts";

const straight: Affine = [
  [1, 0, 0, 0],
  [0, 2, 0, 0],
  [0, 0, 3, 0],
];
const grid: VoxelGrid = {
  name: "head.nii",
  shape: [2, 3, 4],
  frames: 2,
  channels: 1,
  values: Int16Array.from({ length: 48 }, (_, index) => index),
  scaling: null,
  affine: straight,
};

/** A volume of zeros in which one voxel is 1. */
function marked(x: number, y: number, z: number, affine = straight): ReturnType<typeof canonicalVolume> {
  const values = new Uint8Array(24);
  values[x + 2 * y + 6 * z] = 1;
  return canonicalVolume({ ...grid, frames: 1, values, affine });
}

describe("slices", () => {
  test("show the right, anterior, superior corner at the upper left", () => {
    const volume = marked(1, 2, 3);
    expect([...volume.slice("axial", 3).data]).toEqual([1, 0, 0, 0, 0, 0]);
    expect([...volume.slice("coronal", 2).data]).toEqual([1, 0, 0, 0, 0, 0, 0, 0]);
    expect([...volume.slice("sagittal", 1).data]).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(volume.slice("axial", 2).data).not.toContain(1);
  });

  test("show the left side at the right, posterior below in axial ones and at the right in sagittal ones", () => {
    // Left, posterior, superior.
    const volume = marked(0, 0, 3);
    const axial = volume.slice("axial", 3);
    expect([axial.width, axial.height]).toEqual([2, 3]);
    expect([...axial.data]).toEqual([0, 0, 0, 0, 0, 1]);
    const coronal = volume.slice("coronal", 0);
    expect([coronal.width, coronal.height]).toEqual([2, 4]);
    expect([...coronal.data]).toEqual([0, 1, 0, 0, 0, 0, 0, 0]);
    const sagittal = volume.slice("sagittal", 0);
    expect([sagittal.width, sagittal.height]).toEqual([3, 4]);
    expect([...sagittal.data]).toEqual([0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  });

  test("are counted from inferior, posterior and left, also where the file runs the other way", () => {
    const leftwards: Affine = [
      [-1, 0, 0, 0],
      [0, -2, 0, 0],
      [0, 0, -3, 0],
    ];
    // The first stored voxel is then the right, anterior, superior one.
    const volume = marked(0, 0, 0, leftwards);
    expect(volume.slice("axial", 3).data[0]).toBe(1);
    expect(volume.slice("coronal", 2).data[0]).toBe(1);
    expect(volume.slice("sagittal", 1).data[0]).toBe(1);
  });

  test("keep the stored type where nothing is scaled", () => {
    const { data, display, channels } = canonicalVolume(grid).slice("axial", 0);
    expect(data).toEqual(Int16Array.of(5, 4, 3, 2, 1, 0));
    expect([display, channels]).toEqual([null, 1]);
  });

  test("are scaled in double precision", () => {
    const volume = canonicalVolume({ ...grid, scaling: { slope: 0.1, intercept: -1 } });
    expect(volume.slice("axial", 0).data).toEqual(
      Float64Array.of(5 * 0.1 - 1, 4 * 0.1 - 1, 3 * 0.1 - 1, 2 * 0.1 - 1, 0.1 - 1, -1),
    );
    expect(volume.range()).toEqual({ low: -1, high: 47 * 0.1 - 1, notFinite: 0 });
  });

  test("may be written to", () => {
    const volume = canonicalVolume(grid);
    volume.slice("axial", 0).data.fill(9);
    expect(volume.slice("axial", 0).data[0]).toBe(5);
  });

  test("come from the frame that is asked for", () => {
    const volume = canonicalVolume(grid);
    expect([...volume.slice("axial", 3, 1).data]).toEqual([47, 46, 45, 44, 43, 42]);
    expect(volume.range(0)).toEqual({ low: 0, high: 23, notFinite: 0 });
    expect(volume.range(1)).toEqual({ low: 24, high: 47, notFinite: 0 });
    expect(volume.range()).toEqual({ low: 0, high: 47, notFinite: 0 });
  });

  test.each([-1, 4, 1.5, NaN])("refuse the index %d", (index) => {
    const volume = canonicalVolume(grid);
    expect(codeOf(() => volume.slice("axial", index))).toBe("slice-out-of-range");
    expect(codeOf(() => volume.slice("axial", 0, index))).toBe("slice-out-of-range");
    expect(codeOf(() => volume.range(index))).toBe("slice-out-of-range");
  });
});

describe("the range", () => {
  test("leaves out what is not finite, and counts it", () => {
    const values = new Float32Array(48).fill(2);
    values.set([NaN, -7, Infinity, -Infinity, 9]);
    const volume = canonicalVolume({ ...grid, values });
    expect(volume.range()).toEqual({ low: -7, high: 9, notFinite: 3 });
    expect(volume.range(1)).toEqual({ low: 2, high: 2, notFinite: 0 });
    expect(volume.slice("axial", 0).data).toEqual(Float32Array.of(2, 9, -Infinity, Infinity, -7, NaN));
  });

  test("is not a number where no value is finite", () => {
    const volume = canonicalVolume({ ...grid, values: new Float64Array(48).fill(NaN) });
    expect(volume.range()).toEqual({ low: NaN, high: NaN, notFinite: 48 });
  });

  test("counts what only its scaling makes infinite", () => {
    const values = new Float64Array(48);
    values[3] = 1e300;
    const volume = canonicalVolume({ ...grid, values, scaling: { slope: -1e300, intercept: 1 } });
    expect(volume.range()).toEqual({ low: 1, high: 1, notFinite: 1 });
  });
});

describe("the affine matrix", () => {
  test("gives the spacing in canonical order", () => {
    const turned: Affine = [
      [0, 0, -5, 1],
      [0, 0.5, 0, 1],
      [3, 0, 0, 1],
    ];
    const volume = canonicalVolume({ ...grid, affine: turned });
    expect(volume.shape).toEqual([4, 3, 2]);
    expect(volume.spacing).toEqual([5, 0.5, 3]);
    expect((["axial", "coronal", "sagittal"] as const).map(volume.sliceCount)).toEqual([2, 3, 4]);
  });

  test.each([
    ["two axes that are parallel", 1, 1, 0],
    ["an axis that leads nowhere", 0, 0, 0],
    ["NaN", NaN, 0, 1],
    ["an infinity", 0, Infinity, 1],
    ["steps whose length overflows", 0, 1e200, 1],
  ])("is refused with %s", (_, x, y, z) => {
    const affine: Affine = [
      [1, 0, x, 0],
      [0, 1, y, 0],
      [0, 0, z, 0],
    ];
    expect(codeOf(() => canonicalVolume({ ...grid, affine }))).toBe("image-damaged");
  });
});

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof OpError) return error.code;
    throw error;
  }
  return "no error";
}
