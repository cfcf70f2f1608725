import { splitNames } from "@exp-lab/dsl";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DatasetIndex } from "../artifacts/dataset.ts";
import { findLeaks } from "./find-leaks.ts";
import { indexOf, type MadeRow } from "../../../../tests/ops/splits/index-of.ts";

const some: readonly MadeRow[] = [
  { split: "train", patient: "A" },
  { split: "train" },
  { split: "val", patient: "B", label: 1 },
  { split: "test", patient: "C" },
  { split: "test", label: 1 },
];

describe("findLeaks", () => {
  it("finds nothing where nothing leaks", () => {
    expect(findLeaks(indexOf(some))).toEqual({ leaks: [], repeats: [], bagFaults: [] });
  });

  it("counts the images of either side, and says of which two the first are", () => {
    const index = indexOf([
      ...some,
      { split: "train", image: "x" },
      { split: "train", image: "x", label: 1 },
      { split: "test", image: "x" },
      { split: "test", image: "y" },
      { split: "train", image: "y" },
    ]);
    expect(findLeaks(index).leaks).toEqual([
      {
        kind: "image",
        earlier: "train",
        later: "test",
        shared: 2,
        inEarlier: 3,
        inLater: 2,
        contradictions: 1,
        examples: [
          ["5", "7"],
          ["9", "8"],
        ],
      },
    ]);
    expect(findLeaks(index).repeats).toEqual([
      { split: "train", shared: 1, images: 2, contradictions: 1, examples: [["5", "6"]] },
    ]);
  });

  it("lists five examples at most, contradictory copies first", () => {
    const pairs = Array.from({ length: 8 }, (_, pair): readonly MadeRow[] => [
      { split: "train", image: `pair ${String(pair)}` },
      { split: "train", image: `pair ${String(pair)}`, label: pair === 6 ? 1 : 0 },
    ]);
    const [repeats] = findLeaks(indexOf(pairs.flat())).repeats;
    expect(repeats).toMatchObject({ shared: 8, images: 16, contradictions: 1 });
    expect(repeats?.examples).toHaveLength(5);
    expect(repeats?.examples[0]).toEqual(["12", "13"]);
  });

  it("counts what a comparison of every two images counts", () => {
    fc.assert(
      fc.property(madeRows, (rows) => {
        const index = indexOf(rows, 2);
        const found = findLeaks(index).leaks.map(({ examples: _, ...leak }) => leak);
        expect(found).toEqual(compareAll(index));
      }),
      { numRuns: 200 },
    );
  });

  it("takes a hundred thousand images at once", () => {
    const rows = Array.from({ length: 112_120 }, (_, row): MadeRow => {
      // One black image of very many patients would make any search by pairs quadratic.
      const image = row % 10 === 0 ? "black" : String(row);
      return { split: splitNames[row % 3]!, image, patient: String(row % 30_805) };
    });
    // A search by pairs would pass the time that the test has.
    expect(findLeaks(indexOf(rows)).leaks).toHaveLength(6);
  }, 60_000);
});

const madeRows = fc.array(
  fc.record({
    split: fc.constantFrom(...splitNames),
    image: fc.nat(12).map(String),
    patient: fc.option(fc.nat(6).map(String)),
    label: fc.nat(1),
  }),
  { maxLength: 24 },
);

/** By the definition, in quadratic time. */
function compareAll({ examples, splits, labels }: DatasetIndex) {
  const rows = examples.map((_, row) => row);
  const sameImage = (a: number, b: number): boolean => examples[a]!.digest === examples[b]!.digest;
  const patientsOf = (row: number): readonly string[] =>
    rows.filter((other) => sameImage(row, other)).flatMap((other) => examples[other]!.group ?? []);
  const sharePatient = (a: number, b: number): boolean => {
    const patients = new Set(patientsOf(a));
    return patientsOf(b).some((patient) => patients.has(patient));
  };
  const rowsIn = (split: string): readonly number[] => rows.filter((row) => splits[row] === split);
  const pairs = [
    ["train", "val"],
    ["train", "test"],
    ["val", "test"],
  ] as const;
  return pairs.flatMap(([earlier, later]) =>
    (["image", "patient"] as const).flatMap((kind) => {
      const share = kind === "image" ? sameImage : sharePatient;
      const [before, after] = [rowsIn(earlier), rowsIn(later)];
      const inEarlier = before.filter((row) => after.some((other) => share(row, other)));
      const inLater = after.filter((row) => before.some((other) => share(row, other)));
      const digests = new Set(inEarlier.map((row) => examples[row]!.digest));
      const patients = new Set(inEarlier.flatMap(patientsOf));
      const both = new Set(inLater.flatMap(patientsOf).filter((patient) => patients.has(patient)));
      const contradictions = [...digests].filter((digest) => {
        const copies = [...before, ...after].filter((row) => examples[row]!.digest === digest);
        return new Set(copies.map((row) => labels.values[row])).size > 1;
      });
      if (inEarlier.length === 0) return [];
      return [
        {
          kind,
          earlier,
          later,
          shared: kind === "image" ? digests.size : both.size,
          inEarlier: inEarlier.length,
          inLater: inLater.length,
          contradictions: kind === "image" ? contradictions.length : 0,
        },
      ];
    }),
  );
}
