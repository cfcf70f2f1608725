import { splitNames } from "@exp-lab/dsl";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runSingleOp } from "../../../../tests/ops/run-single-op.ts";
import { auditedCodec, type AuditedIndex } from "../artifacts/audited.ts";
import type { DatasetIndex } from "../artifacts/dataset.ts";
import { audit } from "./audit.ts";
import { findLeaks } from "./find-leaks.ts";
import { indexOf, type MadeRow } from "../../../../tests/ops/splits/index-of.ts";
import { clean, planted } from "../../../../tests/ops/splits/planted-leaks.ts";

describe("audit", () => {
  it("lets an index through that does not leak", async () => {
    const index = indexOf([...clean, { split: "train", image: "x", patient: "P" }, { split: "train", image: "x" }]);
    for (const params of [{}, { leaks: "drop" }, { leaks: "allow", leaks_reason: "Known." }]) {
      expect(await auditOf(index, params)).toEqual({ ...index, notes: [] });
    }
  });

  it.each(planted)("finds $name", async ({ rows, code, says }) => {
    await expect(auditOf(indexOf(rows))).rejects.toMatchObject({
      code,
      message: expect.stringMatching(says) as string,
      hint: expect.stringMatching(/leaks: drop.*leaks: allow/) as string,
    });
  });

  it.each(planted)("drops $name", async ({ rows, leaves, notes = [] }) => {
    const index = indexOf(rows);
    const audited = await auditOf(index, { leaks: "drop" });
    const kept = index.examples.map(({ id }) => id).filter((id) => !leaves.includes(id));
    expect(audited.examples.map(({ id }) => id)).toEqual(kept);
    expect(audited.splits).toEqual(kept.map((id) => index.splits[Number(id)]));
    expect([...audited.labels.values]).toEqual(kept.map((id) => index.labels.values[Number(id)]));
    notes.forEach((note, place) => expect(audited.notes[place]).toMatch(note));
    expect(auditedCodec.decode(auditedCodec.encode(audited))).toEqual(audited);
  });

  it.each(planted)("allows $name, for a reason", async ({ rows }) => {
    const index = indexOf(rows);
    const { notes, ...rest } = await auditOf(index, { leaks: "allow", leaks_reason: "The publisher's split." });
    expect(rest).toEqual(index);
    expect(notes).toHaveLength(findLeaks(index).leaks.length);
    for (const note of notes) {
      expect(note).toMatch(/^Leaks: \d+ images? of .*, which was allowed \(leaks: allow\): The publisher's split\.$/);
    }
  });

  it.each<[string, readonly MadeRow[], string, RegExp]>([
    [
      "in two splits",
      [
        { split: "train", bag: "a" },
        { split: "test", bag: "a" },
      ],
      "bag-torn",
      /^1 bag has images in more than one split, e\.g\. 0 and 1\.$/,
    ],
    [
      "with two labels",
      [
        { split: "train", bag: "a" },
        { split: "train", bag: "a" },
        { split: "train", bag: "a", label: 1 },
      ],
      "bag-contradiction",
      /^1 bag has images with different labels, e\.g\. 0 and 2\.$/,
    ],
    [
      "of two patients",
      [
        { split: "train", bag: "a", patient: "P" },
        { split: "train", bag: "a" },
        { split: "train", bag: "b", patient: "Q" },
        { split: "train", bag: "b", patient: "R" },
      ],
      "bag-contradiction",
      /^2 bags have images of different patients, e\.g\. 0 and 1\.$/,
    ],
  ])("refuses a bag %s, whatever is said of leaks", async (_, rows, code, message) => {
    for (const params of [{}, { leaks: "drop" }, { leaks: "allow", leaks_reason: "Known." }]) {
      await expect(auditOf(indexOf([...rows, ...clean]), params)).rejects.toMatchObject({
        code,
        message: expect.stringMatching(message) as string,
      });
    }
  });

  it("notes copies within a split that are labelled differently", async () => {
    const copies: readonly MadeRow[] = [
      { split: "train", image: "x" },
      { split: "train", image: "x", label: 1 },
      { split: "train", image: "y" },
      { split: "train", image: "y" },
    ];
    const note = "1 image stands in train more than once, with different labels (e.g. 0 and 1).";
    expect((await auditOf(indexOf([...copies, ...clean]))).notes).toEqual([note]);
    const leaking = indexOf([...copies, ...clean, { split: "test", image: "x" }]);
    expect((await auditOf(leaking, { leaks: "drop" })).notes).toEqual([
      "Leaks: 2 images of train that test has too, byte for byte, were left out of train (leaks: drop).",
    ]);
  });

  it.each([
    [{ leaks: "allow" }, /without a reason/],
    [{ leaks: "allow", leaks_reason: "  " }, /without a reason/],
  ])("refuses %o", async (params, message) => {
    await expect(auditOf(indexOf(clean), params)).rejects.toMatchObject({
      code: "leaks-reason",
      message: expect.stringMatching(message) as string,
    });
  });

  it("leaves no leak by dropping, drops nothing of test, and nothing the second time", async () => {
    await fc.assert(
      fc.asyncProperty(madeRows, async (rows) => {
        const index = indexOf(rows);
        const first = await auditOf(index, { leaks: "drop" });
        expect(findLeaks(first).leaks).toEqual([]);
        const testOf = ({ examples, splits }: DatasetIndex): readonly string[] =>
          examples.flatMap(({ id }, row) => (splits[row] === "test" ? [id] : []));
        expect(testOf(first)).toEqual(testOf(index));
        const { notes: _, ...dropped } = first;
        const { notes: said, ...again } = await auditOf(dropped, { leaks: "drop" });
        expect(again).toEqual(dropped);
        expect(said.filter((note) => note.startsWith("Leaks"))).toEqual([]);
        // A bag leaves as a whole or stays.
        for (const bag of new Set(rows.flatMap((row) => row.bag ?? []))) {
          const left = first.examples.filter((example) => example.bag === bag).length;
          expect([0, rows.filter((row) => row.bag === bag).length]).toContain(left);
        }
      }),
      { numRuns: 200 },
    );
  });
});

/** Bags are of one split, patient and label. */
const madeRows = fc
  .array(
    fc.record({
      bag: fc.option(fc.nat(5), { nil: undefined }),
      split: fc.nat(2),
      image: fc.nat(25),
      patient: fc.option(fc.nat(9)),
      label: fc.nat(1),
    }),
    { maxLength: 30 },
  )
  .map((rows) =>
    rows.map(({ bag, split, image, patient, label }): MadeRow => {
      const place = bag === undefined ? split : bag % 3;
      return {
        split: splitNames[place]!,
        image: String(image),
        patient: bag === undefined ? (patient === null ? null : String(patient)) : `of bag ${String(bag)}`,
        label: bag === undefined ? label : bag % 2,
        ...(bag !== undefined && { bag: String(bag) }),
      };
    }),
  );

function auditOf(index: DatasetIndex, params: Readonly<Record<string, unknown>> = {}): Promise<AuditedIndex> {
  return runSingleOp(audit, "audited", { params, inputs: { dataset: index } });
}
