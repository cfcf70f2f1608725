import type { OpSignature, Preset } from "@exp-lab/dsl";
import { signatures } from "./signatures.ts";

const predictions = { kind: "predictions", summary: "predictions to score" };
const wired = (summary: string) => ({ type: "wired", summary }) as const;
const sampling = { resamples: wired("how many"), seed: wired("which") };
const compared = {
  cells: wired("what each cell is made of"),
  want: wired("which is best"),
};

const statistics: readonly OpSignature[] = [
  {
    ...{ name: "resample", version: 1, summary: "a metric on resamples", use: "resample", output: "resamples" },
    params: { metric: wired("which"), settings: wired("its parameters"), ...sampling },
    inputs: { predictions },
  },
  {
    ...{ name: "compare", version: 1, summary: "intervals and tests", use: "compare", output: "comparison" },
    params: { ...compared, ...sampling },
    inputs: { resamples: { kind: "resamples", many: true, summary: "of every answer" } },
  },
  {
    ...{ name: "delong", version: 1, summary: "the same by variances", use: "delong", output: "comparison" },
    params: { ...compared, metrics: wired("of what each input is") },
    inputs: { predictions: { ...predictions, many: true } },
  },
  {
    ...{ name: "rank", version: 1, summary: "ranks over data sets", use: "rank", output: "ranking" },
    params: { cells: wired("which inputs each cell is of"), want: wired("which is best") },
    inputs: { scores: { kind: "score", many: true, summary: "of every cell" } },
  },
];

/** Few shots with draws that repeat themselves, and views that ask for the head's epochs. */
const split: OpSignature = {
  ...{ name: "split", version: 1, summary: "the examples of a split", use: "companion", role: "dataset" },
  params: {
    split: { type: "split", summary: "which one" },
    shots: {
      ...{ type: "integer", min: 1, default: null, words: { all: null }, summary: "training examples per class" },
      idleWhere: [{ split: ["val", "test"] }],
    },
    draw: {
      ...{ type: "seed", default: 0, broadcast: false, repeats: 3, summary: "which draw of the shots" },
      idleWhere: [{ shots: [null] }, { split: ["val", "test"] }],
    },
    views: {
      ...{ type: "integer", min: -1, default: 0, words: { none: 0, fresh: -1 }, summary: "views of an image" },
      idleWhere: [{ split: ["val", "test"] }],
    },
    fresh_views: {
      ...{ type: "wired", takes: "head.epochs", summary: "epochs of the head" },
      idleWhere: [{ views: [0] }, { split: ["val", "test"] }],
    },
  },
  inputs: { dataset: { kind: "dataset", summary: "the data set" } },
  output: "examples",
};

const auroc: OpSignature = {
  ...{ name: "auroc", version: 1, summary: "auroc", use: "metric", inputs: { predictions }, output: "score" },
  better: "higher",
  params: {
    average: { type: "choice", choices: ["macro", "weighted"], default: "macro", summary: "over classes" },
    absent: { type: "choice", choices: ["skip", "zero"], default: "skip", summary: "classes without examples" },
  },
};

/** What the cases whose name begins with `statistics` are compiled against. */
export const statisticsSignatures: readonly OpSignature[] = [
  ...signatures.filter(({ name }) => name !== "split" && name !== "auroc"),
  ...[split, auroc, ...statistics],
];

export const statisticsPresets: readonly Preset[] = [
  {
    name: "published2020",
    summary: "a published protocol",
    switches: [
      { param: "head.standardise", value: false, heads: ["logistic"], summary: "features as they are" },
      { param: "head.c", value: 100, summary: "set by the program below, so that it means nothing" },
      { param: "metric.absent", value: "zero", summary: "absent classes count 0" },
    ],
    grids: { linear: "published" },
    refitOfShots: "train",
  },
];
