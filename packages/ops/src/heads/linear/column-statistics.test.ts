import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { labelledExamples } from "../../../../../tests/ops/run-single-op.ts";
import { columnStatistics } from "./column-statistics.ts";

const setOf = (rows: number) =>
  labelledExamples(
    "train",
    "binary",
    2,
    Array.from({ length: rows }, (_, row) => row % 2),
  );

describe("columnStatistics", () => {
  it("gives mean and population deviation of the columns, range after range", () => {
    const matrix = fc.record({ rows: fc.integer({ min: 2, max: 30 }), seed: fc.integer({ min: 1, max: 1e6 }) });
    fc.assert(
      fc.property(matrix, ({ rows, seed }) => {
        const rowWidth = 7;
        const values = Float32Array.from(
          { length: rows * rowWidth },
          (_, index) => Math.sin(seed * (index + 1)) * 10 + 5,
        );
        const columns = [
          { start: 4, length: 3 },
          { start: 1, length: 2 },
        ];
        const options = { parts: ["a", "b"], set: setOf(rows), standardise: true };
        const { mean, deviation } = columnStatistics({ rows, values, rowWidth, columns }, options);
        [4, 5, 6, 1, 2].forEach((column, input) => {
          const found = Array.from({ length: rows }, (_, row) => values[row * rowWidth + column] ?? Number.NaN);
          const average = found.reduce((sum, value) => sum + value, 0) / rows;
          const square = found.reduce((sum, value) => sum + (value - average) ** 2, 0) / rows;
          expect(mean[input]).toBeCloseTo(average, 4);
          expect(deviation[input]).toBeCloseTo(Math.sqrt(square), 4);
        });
      }),
      { numRuns: 30 },
    );
  });

  it("takes a constant column exactly, with deviation 1", () => {
    const values = Float32Array.from({ length: 8 }, (_, index) => (index % 2 === 0 ? 0.1 : index));
    const matrix = { rows: 4, values, rowWidth: 2, columns: [{ start: 0, length: 2 }] };
    const { mean, deviation } = columnStatistics(matrix, { parts: ["a"], set: setOf(4), standardise: true });
    expect([mean[0], deviation[0]]).toEqual([Math.fround(0.1), 1]);
  });

  it("leaves features as they are where that is asked for", () => {
    const matrix = { rows: 2, values: Float32Array.of(1, 2, 3, 4), rowWidth: 2, columns: [{ start: 0, length: 2 }] };
    const { mean, deviation } = columnStatistics(matrix, { parts: ["a"], set: setOf(2), standardise: false });
    expect([...mean, ...deviation]).toEqual([0, 0, 1, 1]);
  });

  it("names the example whose feature is not finite", () => {
    const values = Float32Array.of(1, 2, 3, Number.NaN);
    const matrix = { rows: 2, values, rowWidth: 2, columns: [{ start: 1, length: 1 }] };
    expect(() => columnStatistics(matrix, { parts: ["cls_1"], set: setOf(2), standardise: true })).toThrow(
      /Feature 0 of part "cls_1" is NaN for example/,
    );
  });
});
