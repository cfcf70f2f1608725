import { afterAll, describe, expect, it } from "vitest";
import { createOwnBench, type Arrays } from "../../../../tests/ops/own-testing.ts";
import { encodeNpz } from "../arrays/encode-npz.ts";
import { predictionsCodec } from "../artifacts/predictions.ts";
import { predictionsFromFile } from "./predictions-from-file.ts";

const made = { op: predictionsFromFile, output: "predictions", encode: encodeNpz } as const;
const binary = createOwnBench(made);
const many = createOwnBench({ ...made, problem: "multi-class", classNames: ["x", "y", "z"] });
const several = createOwnBench({ ...made, problem: "multi-label", classNames: ["x", "y"] });
afterAll(() => {
  for (const bench of [binary, many, several]) bench.close();
});

const ids = { strings: binary.ids };
/** Row-major, six rows. */
const matrix = (width: number, ...data: readonly number[]): Arrays[string] => ({
  shape: [6, width],
  data: Float64Array.from(data),
});
const column = (...data: readonly number[]): Arrays[string] => ({ shape: [6], data: Float64Array.from(data) });
const positives = [0.5, 0.25, 0.5, 0.75, 0.5, 1];
const both = matrix(2, ...positives.flatMap((score) => [1 - score, score]));
const expected = [0.75, 0.25, 0.25, 0.75, 0, 1];

describe("binary predictions from a file", () => {
  it.each<[string, Arrays, Readonly<Record<string, unknown>>]>([
    ["two columns", { scores: both, ids }, {}],
    ["two columns, by digest", { scores: both, digests: { strings: binary.digests } }, {}],
    ["one column of the second class", { scores: matrix(1, ...positives), ids }, {}],
    ["one axis", { probabilities: column(...positives), ids }, {}],
    ["an array of another name", { mine: both, ids }, {}],
    ["a column for each class", { yes: column(...positives), no: column(...positives.map((p) => 1 - p)), ids }, {}],
    [
      "columns that are named",
      { p: column(...positives), q: column(...positives.map((p) => 1 - p)), ids },
      { scores: ["q", "p"] },
    ],
    [
      "classes in another order",
      { scores: matrix(2, ...positives.flatMap((p) => [p, 1 - p])), classes: { strings: ["yes", "no"] }, ids },
      {},
    ],
    ["what rounding leaves outside", { scores: matrix(1, ...positives.map((p) => (p === 1 ? 1 + 1e-7 : p))), ids }, {}],
  ])("are taken from %s", async (_, arrays, params) => {
    const predictions = await binary.bring(arrays, params);
    expect([...predictions.scores]).toEqual(expected);
    expect(predictions).toMatchObject({ problem: "binary", ids: ["b.png", "d.png", "f.png"], unusable: null });
    expect([...predictions.labels.values]).toEqual([...binary.examples.labels.values]);
    expect(predictions.notes).toEqual([
      "A note of the examples.",
      "Predictions come from a file (SHA-256 f00df00df00d): not reproducible here.",
    ]);
    expect(predictionsCodec.decode(predictionsCodec.encode(predictions))).toEqual(predictions);
  });

  it("are made of logits: one by a sigmoid, two by a softmax", async () => {
    const logits = [0, -40, 0, 2, 0, 800];
    const one = await binary.bring({ scores: column(...logits), ids }, { logits: true });
    const two = await binary.bring(
      { scores: matrix(2, ...logits.flatMap((l) => [-l / 2, l / 2])), ids },
      { logits: true },
    );
    const odds = [Math.exp(-40), Math.exp(2)].map((odd) => odd / (1 + odd));
    [1 - odds[0]!, odds[0]!, 1 - odds[1]!, odds[1]!, 0, 1].forEach((value, at) => {
      expect(one.scores[at]).toBeCloseTo(value, 14);
      expect(two.scores[at]).toBeCloseTo(value, 14);
    });
    // Not lost in 1 - p.
    expect(one.scores[1]! / Math.exp(-40)).toBeCloseTo(1, 12);
  });
});

describe("predictions of several classes and labels from a file", () => {
  const classIds = { strings: many.ids };

  it("are put into the data set's order of classes", async () => {
    const scores = matrix(3, ...Array.from({ length: 6 }, () => [0.5, 0.2, 0.3]).flat());
    const predictions = await many.bring({ scores, classes: { strings: ["z", "x", "y"] }, ids: classIds });
    expect([...predictions.scores.subarray(0, 3)]).toEqual([0.2, 0.3, 0.5]);
    expect(predictions.notes).toHaveLength(2);
  });

  it("are a softmax of logits, however large", async () => {
    const scores = matrix(3, ...Array.from({ length: 6 }, () => [1000, 1000 + Math.log(2), 1000 + Math.log(5)]).flat());
    const predictions = await many.bring({ scores, ids: classIds }, { logits: true });
    [1 / 8, 2 / 8, 5 / 8].forEach((value, at) => {
      expect(predictions.scores[at]).toBeCloseTo(value, 12);
    });
  });

  it("say so where they do not sum to one", async () => {
    const scores = matrix(3, ...Array.from({ length: 6 }, () => [0.9, 0.2, 0.3]).flat());
    const { notes } = await many.bring({ scores, ids: classIds });
    expect(notes.at(-1)).toContain("do not sum to one per example");
  });

  it("of several labels stand each for itself, and logits go through a sigmoid", async () => {
    const scores = matrix(2, ...Array.from({ length: 6 }, () => [0.9, 0.2]).flat());
    expect([...(await several.bring({ scores, ids: classIds })).scores.subarray(0, 2)]).toEqual([0.9, 0.2]);
    const logits = matrix(2, ...Array.from({ length: 6 }, () => [Math.log(3), -Math.log(3)]).flat());
    const predictions = await several.bring({ scores: logits, ids: classIds }, { logits: true });
    expect(predictions.scores[0]).toBeCloseTo(0.75, 14);
    expect(predictions.scores[1]).toBeCloseTo(0.25, 14);
    expect(predictions.notes).toHaveLength(2);
  });
});

describe("a file whose predictions do not fit", () => {
  const others = positives.map((score) => score + 1);
  it.each<[string, typeof binary, Arrays, Readonly<Record<string, unknown>>, string, string]>([
    [
      "a column too many",
      binary,
      { scores: matrix(3, ...Array<number>(18).fill(0.3)), ids },
      {},
      "own-class-count",
      "The scores of rows.npz have 3 columns; expected are 2 (or 1, that of the second class) for the classes no, yes.",
    ],
    [
      "a column too few",
      many,
      { scores: both, ids },
      {},
      "own-class-count",
      "have 2 columns; expected are 3 for the classes x, y, z.",
    ],
    [
      "a class of another name",
      binary,
      { scores: both, classes: { strings: ["no", "maybe"] }, ids },
      {},
      "own-classes-differ",
      "rows.npz has scores of the classes no, maybe, but the data set has no, yes.",
    ],
    [
      "a class twice",
      binary,
      { scores: both, classes: { strings: ["no", "no"] }, ids },
      {},
      "own-classes-differ",
      "rows.npz has scores of the classes no, no",
    ],
    [
      "classes that are numbers",
      binary,
      { scores: both, classes: { shape: [2], data: Int32Array.of(0, 1) }, ids },
      {},
      "own-array-unexpected",
      "holds integers; expected are the names of the classes",
    ],
    [
      "logits",
      binary,
      { scores: column(...others), ids },
      {},
      "own-scores-no-probabilities",
      "rows.npz has the score 1.25 for example b.png; probabilities are from 0 to 1.",
    ],
    [
      "negative scores",
      several,
      { scores: matrix(2, ...Array<number>(12).fill(-0.1)), ids },
      {},
      "own-scores-no-probabilities",
      "rows.npz has the score -0.1 for example b.png",
    ],
    [
      "two that do not sum to one",
      binary,
      { scores: matrix(2, ...Array<number>(12).fill(0.75)), ids },
      {},
      "own-scores-sum",
      "The two scores of rows.npz for example b.png sum to 1.5, not to one.",
    ],
    [
      "no number",
      binary,
      { scores: column(0, NaN, 0, 0, 0, 0), ids },
      {},
      "own-value-not-finite",
      "rows.npz has the score NaN for example b.png.",
    ],
    [
      "no number among logits",
      binary,
      { scores: column(0, 0, 0, Infinity, 0, 0), ids },
      { logits: true },
      "own-value-not-finite",
      "rows.npz has the score Infinity for example d.png.",
    ],
    [
      "an unknown array",
      binary,
      { scores: both, ids },
      { scores: ["p"] },
      "own-array-unknown",
      "rows.npz has no array p; it holds scores, ids.",
    ],
    [
      "no scores that are told by their looks",
      binary,
      { u: both, v: both, ids },
      {},
      "own-array-unknown",
      "rows.npz has no array scores or probabilities; it holds u, v, ids.",
    ],
    [
      "a missing example",
      binary,
      { scores: { shape: [1, 2], data: Float64Array.of(0, 1) }, ids: { strings: ["b.png"] } },
      {},
      "own-rows-missing",
      "rows.npz has no row for 2 of the 3 examples of this split: d.png, f.png.",
    ],
  ])("%s is refused", async (_, bench, arrays, params, code, message) => {
    const bringing = bench.bring(arrays, params);
    await expect(bringing).rejects.toThrow(message);
    await expect(bringing).rejects.toMatchObject({ code });
  });
});

it("predictions of bags are named by the bags, however many images they have", async () => {
  const bagOf = ["s", "s", "t", "t", undefined, undefined];
  const inBags = <Set extends typeof binary.examples | typeof binary.dataset>(
    set: Set,
    rows: readonly number[],
  ): Set => ({
    ...set,
    examples: set.examples.map((example, at) => {
      const bag = bagOf[rows[at]!];
      return { ...example, ...(bag !== undefined && { bag }) };
    }),
  });
  const bench = createOwnBench({ ...made, change: (dataset) => inBags(dataset, [0, 1, 2, 3, 4, 5]) });
  const scores = { shape: [4], data: Float64Array.of(0.1, 0.2, 0.3, 0.4) };
  const names = { strings: ["s", "t", "e.png", "f.png"] };
  const predictions = await bench.bring({ scores, ids: names }, {}, inBags(binary.examples, [1, 3, 5]));
  expect(predictions.ids).toEqual(["s", "t", "f.png"]);
  expect([...predictions.scores].filter((_, at) => at % 2 === 1)).toEqual([0.1, 0.2, 0.4]);
  bench.close();
});
