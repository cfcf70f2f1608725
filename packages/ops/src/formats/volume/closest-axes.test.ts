import { describe, expect, test } from "vitest";
import { readNiftiFixture } from "../../../../../tests/ops/reference/nifti-fixture.ts";
import type { Affine, Columns } from "./affine.ts";
import { closestAxes } from "./closest-axes.ts";
import { nearestRotation } from "./nearest-rotation.ts";

const { orientations } = readNiftiFixture();

describe("the closest anatomical axes", () => {
  test.each(["oblique", "sheared", "straight", "singular"])("are those of nibabel for %s affines", (kind) => {
    const cases = orientations.filter((candidate) => candidate.kind === kind);
    expect(cases.length).toBeGreaterThan(40);
    for (const { steps, closest } of cases) {
      const affine = steps.map((row) => [...row, 0]) as unknown as Affine;
      const found = closestAxes(affine).map((axis) => axis && [axis.axis, axis.isReversed ? -1 : 1]);
      expect(found, JSON.stringify(steps)).toEqual(closest);
    }
  });

  test("do not hang on the shift", () => {
    const affine: Affine = [
      [0, 0, -2, 1e6],
      [3, 0, 0, -1e6],
      [0, 4, 0, 5],
    ];
    expect(closestAxes(affine)).toEqual([
      { axis: 1, isReversed: false },
      { axis: 2, isReversed: false },
      { axis: 0, isReversed: true },
    ]);
  });
});

describe("the nearest rotation", () => {
  test("of a scaled rotation is the rotation", () => {
    const [cosine, sine] = [Math.cos(0.7), Math.sin(0.7)];
    const matrix: Columns = [
      [3 * cosine, 3 * sine, 0],
      [-3 * sine, 3 * cosine, 0],
      [0, 0, -3],
    ];
    const expected = matrix.flat().map((part) => part / 3);
    nearestRotation(matrix)
      .flat()
      .forEach((part, index) => expect(part).toBeCloseTo(expected[index]!, 14));
  });

  test("has columns of length 1 at right angles", () => {
    const rotation = nearestRotation([
      [1, 0.2, 0.1],
      [0.5, 1, -0.3],
      [-0.2, 0.4, 1],
    ]);
    for (const [i, a] of rotation.entries()) {
      for (const [j, b] of rotation.entries()) {
        expect(a[0] * b[0] + a[1] * b[1] + a[2] * b[2]).toBeCloseTo(i === j ? 1 : 0, 14);
      }
    }
  });

  test("of nothing is nothing", () => {
    const nothing: Columns = [
      [0, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
    ];
    expect(nearestRotation(nothing)).toEqual(nothing);
  });
});
