import type { Grid, OpSignature } from "@exp-lab/dsl";
import { poolingParams } from "../head-data.ts";
import { classWeightParam } from "../class-weights.ts";
import { scheduleParam } from "../schedule-param.ts";

/** Eight rates, evenly spaced by their logarithm, and three decays. */
const defaultGrid: Grid = {
  lr: [1e-3, 2.5e-3, 6.3e-3, 1.6e-2, 4e-2, 0.1, 0.25, 0.63],
  weight_decay: [0, 1e-4, 1e-2],
};

/** The sixteen heads of the DINOv2 radiology study (Baharoon et al., 2023). */
const studyGrid: Grid = { lr: [1e-3, 5e-3, 1e-2, 5e-2], blocks: [1, 4], avgpool: [true, false] };

export const linearSignature = {
  name: "linear",
  version: 4,
  summary:
    "One linear layer on frozen features, trained by stochastic gradient descent: softmax, or a sigmoid per label.",
  use: "constructor",
  role: "head",
  params: {
    lr: {
      type: "number",
      summary: "Learning rate at the first step; the schedule lowers it from there.",
      min: 1e-12,
    },
    weight_decay: {
      type: "number",
      summary: "Times the weights, added to their gradient, as torch.optim.SGD does.",
      min: 0,
      default: 0,
    },
    momentum: { type: "number", summary: "Momentum of the gradient descent.", min: 0, max: 0.9999, default: 0.9 },
    epochs: {
      type: "integer",
      summary: "Passes over the examples; of stored views, each pass takes one of every image.",
      min: 1,
      max: 100_000,
      default: 100,
    },
    batch_size: {
      type: "integer",
      summary: "Examples per step; the last step of an epoch takes what is left.",
      min: 1,
      max: 65_536,
      default: 128,
    },
    schedule: scheduleParam,
    standardise: {
      type: "boolean",
      summary: "Bring every feature to mean 0 and deviation 1 over the head's own training examples.",
      default: true,
    },
    blocks: {
      type: "integer",
      summary: "Take the class tokens of so many of the last blocks, one after the other.",
      min: 1,
      max: 64,
      default: 1,
    },
    avgpool: { type: "boolean", summary: "Add the mean of the last block's patch tokens.", default: false },
    ...poolingParams,
    part: {
      type: "string",
      summary: "The part of the features to fit on, in place of blocks and avgpool.",
      default: null,
    },
    class_weight: classWeightParam,
    loss_reduction: {
      type: "choice",
      choices: ["mean", "sum", "sum_of_labels"],
      summary:
        "The loss of a batch: the mean over its examples; their sum, whose steps grow with the batch; or the sum only where an example has several labels.",
      default: "mean",
    },
    scoring: {
      type: "choice",
      choices: ["softmax", "sigmoid"],
      summary:
        "Scores of several classes: their softmax, or a sigmoid of each; it changes predictions only, not the loss.",
      default: "softmax",
    },
    seed: {
      type: "seed",
      summary: "Draws the first weights and the order of the examples and of their views.",
      default: 0,
    },
    engine: {
      type: "choice",
      choices: ["onnx", "tfjs"],
      summary: "What trains: our own training graph on onnxruntime, or TensorFlow.js where it is installed.",
      default: "onnx",
    },
    in_search: { type: "wired", summary: "Whether the fit is a point of a search." },
    keep_epochs: { type: "wired", summary: "Whether the weights at the end of every epoch are kept." },
    stop_at: { type: "wired", summary: "The share of the steps after which training ends." },
  },
  inputs: {
    features: { kind: "features", split: "train", summary: "Features of the examples to learn from." },
    examples: { kind: "examples", split: "train", summary: "Their labels." },
  },
  output: "classifier",
  facts: { takesParts: { named: "part", blocks: "blocks", patches: "avgpool" } },
  grids: { default: defaultGrid, study: studyGrid },
  searching: { point: "in_search", epochs: { keep: "keep_epochs", stopAt: "stop_at" } },
} as const satisfies OpSignature;
