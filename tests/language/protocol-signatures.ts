import type { OpSignature } from "@exp-lab/dsl";

const examples = { kind: "examples", summary: "examples of the split asked for" };
const features = { kind: "features", summary: "features of the same examples" };
const channels = { items: { type: "number", summary: "a channel" }, minLength: 3, maxLength: 3 } as const;

/** Ops with facts, which the rules of protocols read. */
export const protocolSignatures: readonly OpSignature[] = [
  {
    ...{ name: "listed", version: 1, summary: "a list of images", use: "constructor", role: "dataset" },
    params: {
      label: { type: "string", default: null, summary: "the column of the one label" },
      labels: {
        type: "list",
        items: { type: "string", summary: "a column" },
        default: null,
        summary: "the columns of several",
      },
      classes: { type: "list", items: { type: "string", summary: "a class" }, default: null, summary: "their names" },
      uncertain: { type: "choice", choices: ["refuse", "ones"], default: "refuse", summary: "what -1 becomes" },
      group: { type: "string", default: null, summary: "the column of patients" },
      range: {
        type: "list",
        items: { type: "number", summary: "a value" },
        minLength: 2,
        maxLength: 2,
        isAscending: true,
        default: null,
        summary: "what is told apart",
      },
      share: { type: "number", default: null, summary: "the same as a share" },
      bag: { type: "string", default: null, summary: "the column of bags" },
      val_images: { type: "integer", min: 0, default: 10, summary: "examples of the split val" },
      shots_of: { type: "choice", choices: ["images", "patients"], default: "images", summary: "what is counted" },
      shots_val: { type: "choice", choices: ["none", "full"], default: "full", summary: "validation beside few shots" },
      views: { type: "integer", min: -1, default: 0, words: { none: 0, fresh: -1 }, summary: "views of an image" },
      view_ops: {
        type: "list",
        items: { type: "string", summary: "an operation" },
        default: ["crop"],
        summary: "what makes them",
        idleWhere: [{ views: [0] }],
      },
      mirror_pairs: {
        type: "list",
        items: {
          type: "list",
          items: { type: "string", summary: "a class" },
          minLength: 2,
          maxLength: 2,
          summary: "two classes",
        },
        default: null,
        summary: "classes that a flip swaps",
        idleWhere: [{ views: [0] }],
      },
      leaks: { type: "choice", choices: ["error", "allow"], default: "error", summary: "what happens to leaks" },
      leaks_reason: { type: "string", default: null, summary: "why they may stay" },
    },
    inputs: {},
    output: "dataset",
    facts: {
      labels: [
        { is: "multi-label", where: { labels: "set" } },
        { is: "single-label", where: { label: "set" } },
      ],
      patients: [{ is: false, where: { group: "unset" } }, { is: true }],
      bags: [{ is: false, where: { bag: "unset" } }, { is: true }],
      classNames: ["classes"],
      splitSizes: { val: "val_images" },
      onlyWith: { uncertain: "labels" },
      notWith: { share: "range" },
    },
  },
  {
    ...{ name: "patches", version: 1, summary: "a network on patches", use: "constructor", role: "backbone" },
    params: {
      image_size: { type: "integer", default: 224, summary: "side in pixels" },
      patch_size: { type: "integer", default: 16, summary: "side of a patch" },
      mean: { type: "list", ...channels, default: [0.5, 0.5, 0.5], summary: "what is subtracted" },
      pooled: { type: "boolean", default: false, summary: "no tokens, one row" },
    },
    inputs: {},
    output: "backbone",
    facts: {
      parts: [{ is: ["features"], where: { pooled: [true] } }, { is: ["cls_1", "cls_2", "patch_mean"] }],
      multiples: { image_size: "patch_size" },
      published: ["mean"],
    },
  },
  {
    ...{ name: "own_rows", version: 1, summary: "features of a file", use: "constructor", role: "backbone" },
    params: { file: { type: "file", summary: "the file" } },
    inputs: { examples },
    output: "features",
    facts: { ofFiles: true },
  },
  {
    ...{ name: "vote", version: 1, summary: "a vote of neighbours", use: "constructor", role: "head" },
    params: {
      k: { type: "integer", min: 1, default: 20, summary: "neighbours" },
      weights: { type: "choice", choices: ["even", "near"], default: "near", summary: "what a vote counts" },
      temperature: { type: "number", default: 1, summary: "of the weights", idleWhere: [{ weights: ["even"] }] },
      part: { type: "string", default: null, summary: "which features" },
      pooling: { type: "choice", choices: ["mean", "max"], default: "mean", summary: "over a bag" },
      patches: { type: "boolean", default: false, summary: "the patches' mean too" },
      depth: { type: "integer", min: 1, default: 1, summary: "blocks" },
      with_val: { type: "boolean", default: false, summary: "validation examples too" },
    },
    inputs: {
      trainFeatures: { kind: "features", split: "train", summary: "features to look among" },
      features,
      examples,
    },
    output: "predictions",
    joinsVal: "with_val",
    facts: {
      fits: { labels: "single-label", instead: "votes" },
      takesParts: { named: "part", blocks: "depth", patches: "patches" },
    },
  },
  {
    ...{ name: "guesses", version: 1, summary: "several guesses", use: "metric", params: {}, better: "higher" },
    inputs: { predictions: { kind: "predictions", summary: "predictions to score" } },
    output: "score",
    facts: { fits: { labels: "single-label" } },
  },
  {
    ...{ name: "loss", version: 1, summary: "how far off", use: "metric", params: {}, better: "lower" },
    inputs: { predictions: { kind: "predictions", summary: "predictions to score" } },
    output: "score",
  },
];
