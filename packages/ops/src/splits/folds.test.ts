import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LabelledExamples } from "../artifacts/examples.ts";
import { assignFolds } from "./folds.ts";

interface Row {
  readonly label: number;
  readonly patient: number | null;
  readonly image: number;
}

function examplesOf(rows: readonly Row[], classes: number): LabelledExamples {
  return {
    problem: "multi-class",
    classNames: Array.from({ length: classes }, (_, index) => `class ${String(index)}`),
    examples: rows.map(({ patient, image }, row) => ({
      id: `row ${String(row)}`,
      digest: `image ${String(image)}`,
      locator: String(row),
      group: patient === null ? null : `patient ${String(patient)}`,
    })),
    labels: { width: 1, values: Int32Array.from(rows, ({ label }) => label) },
  };
}

const rowsOfPatients = fc.array(fc.record({ label: fc.nat(2), patient: fc.option(fc.nat(30)), image: fc.nat(200) }), {
  minLength: 120,
  maxLength: 200,
});

describe("assignFolds", () => {
  it("never parts a patient, nor identical images", () => {
    fc.assert(
      fc.property(rowsOfPatients, fc.integer({ min: 2, max: 5 }), (rows, folds) => {
        const fold = assignFolds(examplesOf(rows, 3), folds);
        expect(fold).toHaveLength(rows.length);
        rows.forEach((row, index) => {
          expect(fold[index]).toBeGreaterThanOrEqual(0);
          expect(fold[index]).toBeLessThan(folds);
          rows.forEach((other, place) => {
            const isSamePatient = row.patient !== null && row.patient === other.patient;
            if (isSamePatient || row.image === other.image) expect(fold[place]).toBe(fold[index]);
          });
        });
      }),
      { numRuns: 20 },
    );
  });

  it("never parts a bag, also where its images have no patient", () => {
    const bags = fc.array(fc.nat(20), { minLength: 60, maxLength: 100 });
    fc.assert(
      fc.property(bags, fc.integer({ min: 2, max: 4 }), (bagOf, folds) => {
        fc.pre(new Set(bagOf).size >= folds);
        const set = examplesOf(
          bagOf.map((bag, image) => ({ label: bag % 3, patient: null, image })),
          3,
        );
        const examples = set.examples.map((example, row) => ({ ...example, bag: String(bagOf[row]) }));
        const fold = assignFolds({ ...set, examples }, folds);
        bagOf.forEach((bag, row) => {
          expect(fold[row]).toBe(fold[bagOf.indexOf(bag)]);
        });
      }),
      { numRuns: 50 },
    );
  });

  it("gives every fold its share of every class, where nothing binds examples together", () => {
    const singles = fc.array(fc.nat(2), { minLength: 40, maxLength: 300 });
    fc.assert(
      fc.property(singles, fc.integer({ min: 2, max: 5 }), (labels, folds) => {
        const rows = labels.map((label, image) => ({ label, patient: null, image }));
        const fold = assignFolds(examplesOf(rows, 3), folds);
        for (const label of [0, 1, 2]) {
          const counts = Array.from({ length: folds }, (_, number) => {
            return labels.filter((other, row) => other === label && fold[row] === number).length;
          });
          expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(2);
        }
      }),
      { numRuns: 50 },
    );
  });

  it("is the same on every call", () => {
    const rows = Array.from({ length: 50 }, (_, row) => ({ label: row % 3, patient: row % 17, image: row }));
    expect(assignFolds(examplesOf(rows, 3), 4)).toEqual(assignFolds(examplesOf(rows, 3), 4));
  });

  it("refuses more folds than there are patients", () => {
    const rows = Array.from({ length: 50 }, (_, row) => ({ label: row % 3, patient: row % 4, image: row }));
    expect(() => assignFolds(examplesOf(rows, 3), 5)).toThrow(
      "The training split has 4 patients (or images without one), too few for 5 folds.",
    );
  });
});
