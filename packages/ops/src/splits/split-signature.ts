import type { IdleCase, OpSignature } from "@exp-lab/dsl";
import { augmentationNames } from "../images/augment/operations.ts";
import type { ParamsOf } from "../op.ts";

/** The most stored views of an image. */
const mostViews = 256;

const notDrawn: readonly IdleCase[] = [{ shots: [null] }, { split: ["test"] }];
const wholeVal: IdleCase = { split: ["val"], shots_val: ["none", "full"] };
const notViewed: readonly IdleCase[] = [{ views: [0] }, { split: ["val", "test"] }];
const everyCount = Array.from({ length: mostViews + 1 }, (_, count) => count);

export const splitSignature = {
  name: "split",
  version: 5,
  summary:
    "The examples of one split, as the source assigns them; of training and validation together; of a fold; few of them; views of them.",
  use: "companion",
  role: "dataset",
  params: {
    split: { type: "split", summary: "The split that is asked for." },
    shots: {
      type: "integer",
      summary: "Few-shot: so many images or patients of each class are drawn from the training split; by default all.",
      min: 1,
      max: 1_000_000,
      default: null,
      words: { all: null },
      idleWhere: [{ split: ["test"] }],
    },
    shots_of: {
      type: "choice",
      choices: ["images", "patients"],
      summary: "What is drawn: images (a bag counts as one), or patients with all their images.",
      default: "images",
      idleWhere: [...notDrawn, { split: ["val"], shots_val: ["none"] }],
    },
    draw: {
      type: "seed",
      summary: "The seed of the few-shot draw. The draw of more shots contains that of fewer.",
      default: 0,
      broadcast: false,
      repeats: 10,
      idleWhere: [...notDrawn, wholeVal, { draw_order: ["first"] }],
    },
    draw_order: {
      type: "choice",
      choices: ["random", "first"],
      summary:
        "Drawn at random, or of each class the first in the source's order, as the DINOv2 radiology study did (whatever the draw).",
      default: "random",
      idleWhere: [...notDrawn, wholeVal],
    },
    shots_val: {
      type: "choice",
      choices: ["none", "matched", "full"],
      summary: "Validation beside few shots: none, drawn alike from the validation split, or all of it.",
      default: "full",
      idleWhere: [{ shots: [null] }, { split: ["train", "test"] }],
    },
    shots_refit_val: {
      type: "boolean",
      summary:
        "Whether a refit may learn from validation examples besides the few shots, as the study's later code does.",
      default: false,
      idleWhere: [{ shots: [null] }, { split: ["train", "val", "test"] }],
    },
    views: {
      type: "integer",
      summary:
        "Augmentation: so many stored views of each training image in its place; none: the image as it is; fresh: a new one in every epoch.",
      min: -1,
      max: mostViews,
      default: 0,
      words: { none: 0, fresh: -1 },
      idleWhere: [{ split: ["val", "test"] }],
    },
    view_ops: {
      type: "list",
      items: { type: "choice", choices: augmentationNames, summary: "What is done to an image." },
      summary: "What a view is made by, in this order.",
      minLength: 1,
      default: ["resized_crop", "horizontal_flip"],
      idleWhere: notViewed,
    },
    view_seed: {
      type: "seed",
      summary: "The seed of the views.",
      default: 0,
      broadcast: false,
      idleWhere: notViewed,
    },
    mirror_pairs: {
      type: "list",
      items: {
        type: "list",
        items: { type: "string", summary: "A class." },
        summary: "Two classes.",
        minLength: 2,
        maxLength: 2,
      },
      summary:
        'Pairs of classes that a horizontal flip turns into one another, e.g. [["left lung", "right lung"]]: the labels of a mirrored view have them swapped.',
      minLength: 1,
      default: null,
      idleWhere: notViewed,
    },
    fresh_views: {
      type: "wired",
      summary: "The epochs of the head: how many fresh views there are.",
      takes: "head.epochs",
      idleWhere: [{ views: everyCount }, { split: ["val", "test"] }],
    },
  },
  inputs: { audited: { kind: "audited", summary: "The data set's index, audited." } },
  output: "examples",
} as const satisfies OpSignature;

/** A parameter that means nothing in a task is null there, whatever its type says. */
export type SplitParams = ParamsOf<(typeof splitSignature)["params"]>;
