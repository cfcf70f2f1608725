import fc from "fast-check";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { LabelledExamples } from "../artifacts/examples.ts";
import { drawShots, type ShotsPlan } from "./draw-shots.ts";
import { gatherUnits } from "./gather-units.ts";
import { indexOf, type MadeRow } from "../../../../tests/ops/splits/index-of.ts";

interface Reference {
  readonly classes: number;
  readonly rows: readonly { readonly patient: string | null; readonly flags: readonly number[] }[];
  readonly draws: readonly (Omit<ShotsPlan, "purpose"> & { readonly rows: readonly number[] })[];
}

const reference = JSON.parse(
  readFileSync(fileURLToPath(new URL("../../../../tests/ops/reference/splits.json", import.meta.url)), "utf8"),
) as Reference;

describe("drawShots", () => {
  it.each(reference.draws)("draws as the reference does: $shots $of, $order, draw $draw", ({ rows, ...plan }) => {
    const set = indexOf(
      reference.rows.map(({ patient, flags }) => ({ split: "train", patient, label: flags })),
      reference.classes,
    );
    expect(drawShots(set, { ...plan, purpose: "shots" }).rows).toEqual(rows);
  });

  it("contains every smaller draw", () => {
    fc.assert(
      fc.property(sets, plans, fc.integer({ min: 1, max: 6 }), (set, plan, shots) => {
        const larger = new Set(drawShots(set, { ...plan, shots: shots + 1 }).rows);
        expect(drawShots(set, { ...plan, shots }).rows.filter((row) => !larger.has(row))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it("draws as many units of every class as asked, or all that there are, and says where they are fewer", () => {
    fc.assert(
      fc.property(sets, plans, (set, plan) => {
        const { rows, short } = drawShots(set, plan);
        const drawn = new Set(rows);
        const units = gatherUnits(set, plan.of);
        const shortNames: string[] = [];
        set.classNames.forEach((className, label) => {
          const having = units.filter((unit) => (plan.order === "first" ? unit.inAll : unit.inAny).includes(label));
          const count = having.filter((unit) => drawn.has(unit.rows[0]!)).length;
          expect(count).toBeGreaterThanOrEqual(Math.min(plan.shots, having.length));
          if (having.length < plan.shots) shortNames.push(`${className} ${String(having.length)}`);
        });
        expect(short.map(({ className, drawn: count }) => `${className} ${String(count)}`)).toEqual(shortNames);
      }),
      { numRuns: 200 },
    );
  });

  it("draws patients and bags whole, in the source's order", () => {
    fc.assert(
      fc.property(sets, plans, (set, plan) => {
        const { rows } = drawShots(set, plan);
        expect(rows).toEqual([...new Set(rows)].sort((a, b) => a - b));
        const drawn = new Set(rows);
        set.examples.forEach(({ group, bag }, row) => {
          set.examples.forEach((other, place) => {
            const isBound =
              (bag !== undefined && bag === other.bag) ||
              (plan.of === "patients" && group !== null && group === other.group);
            if (isBound) expect(drawn.has(place)).toBe(drawn.has(row));
          });
        });
      }),
      { numRuns: 100 },
    );
  });

  it("hangs on places, not on the names of patients and bags, nor on the images", () => {
    fc.assert(
      fc.property(sets, plans, (set, plan) => {
        const renamed = set.examples.map((example, row) => ({
          ...example,
          id: `other ${String(row)}`,
          digest: `other ${String(row)}`,
          group: example.group === null ? null : `other ${String(99 - Number(example.group.slice(8)))}`,
          ...(example.bag !== undefined && { bag: `~${example.bag}` }),
        }));
        expect(drawShots({ ...set, examples: renamed }, plan)).toEqual(drawShots(set, plan));
      }),
      { numRuns: 100 },
    );
  });

  it("draws otherwise for another seed and for another purpose, and alike on every run", () => {
    const set = indexOf(Array.from({ length: 200 }, (_, row) => ({ split: "train", label: row % 2 })));
    const plan: ShotsPlan = { shots: 4, of: "images", order: "random", draw: 0, purpose: "shots" };
    const draws = Array.from({ length: 10 }, (_, draw) => drawShots(set, { ...plan, draw }).rows.join());
    expect(new Set(draws).size).toBe(10);
    expect(drawShots(set, { ...plan, purpose: "validation shots" }).rows.join()).not.toBe(draws[0]);
    expect(drawShots(set, plan).rows.join()).toBe(draws[0]);
    // Eight of 200: each is about as likely as any other.
    const counts = new Int32Array(200);
    for (let draw = 0; draw < 2000; draw++) for (const row of drawShots(set, { ...plan, draw }).rows) counts[row]! += 1;
    // 80 expected, deviation 8.8.
    expect(Math.min(...counts)).toBeGreaterThan(40);
    expect(Math.max(...counts)).toBeLessThan(125);
  });

  it("fills rare classes first, and counts what comes along", () => {
    const rows: readonly (readonly number[])[] = [
      [1, 1],
      [1, 0],
      [1, 0],
      [1, 0],
      [1, 0],
    ];
    const set = indexOf(
      rows.map((label) => ({ split: "train", label })),
      2,
    );
    // The one image of class 1 has class 0 too, so that no further image of class 0 is needed.
    for (const draw of [0, 1, 2]) {
      expect(drawShots(set, { shots: 1, of: "images", order: "random", draw, purpose: "shots" })).toEqual({
        rows: [0],
        short: [],
      });
    }
  });

  it("draws images without any class last, and none whose labels are unknown", () => {
    const rows: readonly (readonly number[])[] = [
      [0, 0],
      [0, -1],
      [1, 0],
      [0, 1],
      [0, 0],
      [-1, -1],
    ];
    const set = indexOf(
      rows.map((label) => ({ split: "train", label })),
      2,
    );
    const drawn = (shots: number): readonly number[] =>
      drawShots(set, { shots, of: "images", order: "random", draw: 0, purpose: "shots" }).rows;
    expect(drawn(1)).toHaveLength(3);
    expect(drawn(2)).toEqual([0, 2, 3, 4]);
    expect(drawn(100)).toEqual([0, 2, 3, 4]);
  });
});

const rowsOf = fc.array(
  fc.record({
    patient: fc.option(fc.nat(9).map((number) => `patient ${String(number)}`)),
    bag: fc.option(fc.nat(40), { nil: undefined }),
    flags: fc.array(fc.constantFrom(1, 0, 0, -1), { minLength: 4, maxLength: 4 }),
  }),
  { minLength: 1, maxLength: 40 },
);

/** Multi-label, or one of four classes; images of a bag have one label and one patient. */
const sets: fc.Arbitrary<LabelledExamples> = fc.tuple(rowsOf, fc.boolean()).map(([rows, isMultiLabel]) => {
  const made = rows.map(({ patient, bag, flags }): MadeRow => {
    const shared = bag === undefined ? flags : [0, 1, 2, 3].map((label) => ((bag + label) % 3 === 0 ? 1 : 0));
    return {
      split: "train",
      patient: bag === undefined ? patient : `patient ${String(bag % 10)}`,
      label: isMultiLabel ? shared : shared.reduce<number>((sum, flag) => sum + flag + 1, 0) % 4,
      ...(bag !== undefined && { bag: String(bag) }),
    };
  });
  const { splits: _, ...set } = indexOf(made, 4);
  return set;
});

const plans: fc.Arbitrary<ShotsPlan> = fc.record({
  shots: fc.integer({ min: 1, max: 6 }),
  of: fc.constantFrom("images" as const, "patients" as const),
  order: fc.constantFrom("random" as const, "first" as const),
  draw: fc.nat(3),
  purpose: fc.constant("shots"),
});
