import type { OpSignature, WeightsSpec } from "@exp-lab/dsl";
import { protocolSignatures } from "./protocol-signatures.ts";

const weights = (sources: WeightsSpec["sources"]): WeightsSpec => ({ type: "weights", sources, summary: "weights" });
const examples = { kind: "examples", summary: "examples of the split asked for" };
const features = { kind: "features", summary: "features of the same examples" };
const predictions = { kind: "predictions", summary: "predictions to score" };

const metric = (name: string): OpSignature => ({
  ...{ name, version: 1, summary: name, use: "metric", params: {}, inputs: { predictions }, output: "score" },
});

/** A small set of ops with the shapes of the real one: what the language cases are compiled against. */
export const signatures: readonly OpSignature[] = [
  {
    ...{ name: "medmnist", version: 1, summary: "an array file", use: "constructor", role: "dataset" },
    params: {
      file: { type: "file", summary: "the archive" },
      images: { type: "directory", default: null, summary: "a folder of images" },
    },
    inputs: {},
    output: "dataset",
  },
  {
    ...{ name: "split", version: 1, summary: "the examples of a split", use: "companion", role: "dataset" },
    params: {
      split: { type: "split", summary: "which one" },
      shots: { type: "integer", min: 1, default: null, summary: "training examples per class" },
      draw: { type: "seed", default: 0, broadcast: false, summary: "which draw of the shots" },
    },
    inputs: { dataset: { kind: "dataset", summary: "the data set" } },
    output: "examples",
  },
  {
    ...{ name: "vit", version: 1, summary: "a transformer", use: "constructor", role: "backbone" },
    params: {
      weights: weights(["random", "file"]),
      image_size: { type: "integer", min: 14, max: 1024, default: 224, summary: "side in pixels" },
      blocks: {
        type: "list",
        items: { type: "integer", min: 1, summary: "a block" },
        minLength: 1,
        default: [1],
        summary: "blocks taken",
      },
    },
    inputs: {},
    output: "backbone",
  },
  {
    ...{ name: "onnx", version: 1, summary: "a file of the user's", use: "constructor", role: "backbone" },
    params: {
      file: { type: "file", remote: true, summary: "the model" },
      resample: { type: "choice", choices: ["bilinear", "bicubic"], default: "bilinear", summary: "resampling" },
    },
    inputs: {},
    output: "backbone",
  },
  {
    ...{ name: "resnet", version: 1, summary: "a published network", use: "constructor", role: "backbone" },
    params: {
      weights: {
        type: "weights",
        sources: ["file", "hf", "url", "random"],
        published: {
          v1: { weights: "url", url: "https://example.org/resnet-0123abcd.pth", sha256: "0123abcd" },
          v2: { weights: "hf", repository: "org/resnet", file: "model.safetensors", revision: null },
        },
        default: { weights: "hf", repository: "org/resnet", file: "model.safetensors", revision: null },
        summary: "weights",
      },
    },
    inputs: {},
    output: "backbone",
  },
  {
    ...{ name: "extract", version: 1, summary: "features of examples", use: "companion", role: "backbone" },
    params: { batch_size: { type: "integer", min: 1, default: 8, semantic: false, summary: "images per call" } },
    inputs: {
      backbone: { kind: "backbone", summary: "the backbone" },
      examples,
      images: { kind: "dataset", locator: true, summary: "where the images lie" },
    },
    output: "features",
  },
  {
    ...{ name: "knn", version: 1, summary: "nearest neighbours", use: "constructor", role: "head" },
    params: { k: { type: "integer", min: 1, max: 1000, default: 20, summary: "neighbours" } },
    inputs: {
      trainFeatures: { kind: "features", split: "train", summary: "features to look among" },
      trainExamples: { kind: "examples", split: "train", summary: "their labels" },
      features,
      examples,
    },
    output: "predictions",
  },
  {
    ...{ name: "logistic", version: 1, summary: "logistic regression", use: "constructor", role: "head" },
    params: {
      c: { type: "number", min: 0, default: 1, summary: "inverse of the penalty" },
      standardise: { type: "boolean", default: true, summary: "centre and scale" },
      seed: { type: "seed", default: 0, summary: "order of the examples" },
    },
    inputs: {
      features: { kind: "features", split: "train", summary: "features to fit" },
      examples: { kind: "examples", split: "train", summary: "their labels" },
    },
    output: "classifier",
  },
  {
    ...{ name: "clusters", version: 1, summary: "k-means", use: "constructor", role: "head" },
    params: { k: { type: "integer", min: 2, default: 2, summary: "clusters" } },
    inputs: { features },
    output: "clustering",
  },
  {
    ...{ name: "predict", version: 1, summary: "scores of a classifier", use: "companion", role: "head" },
    params: { temperature: { type: "number", min: 0.01, default: 1, summary: "of the softmax" } },
    inputs: { classifier: { kind: "classifier", summary: "the classifier" }, features, examples },
    output: "predictions",
  },
  {
    ...{ name: "linear", version: 1, summary: "trained by gradients", use: "constructor", role: "head" },
    params: {
      lr: { type: "number", min: 0, summary: "step size" },
      decay: { type: "number", min: 0, default: 0, summary: "weight decay" },
      epochs: { type: "integer", min: 1, default: 10, summary: "passes over the examples" },
      blocks: { type: "list", items: { type: "integer", min: 1, summary: "a block" }, default: [1], summary: "blocks" },
      seed: { type: "seed", default: 0, summary: "order of the examples" },
      in_search: { type: "wired", summary: "whether a search asks" },
      keep_epochs: { type: "wired", summary: "keep every epoch" },
      stop_at: { type: "wired", summary: "share of the training" },
    },
    inputs: {
      features: { kind: "features", split: "train", summary: "features to fit" },
      examples: { kind: "examples", split: "train", summary: "their labels" },
    },
    output: "classifier",
    grids: {
      default: { lr: [0.1, 0.01, 0.001], decay: [0, 1] },
      small: { lr: [0.1, 1] },
      published: { lr: [3, 4], epochs: [5, 20] },
    },
    searching: { point: "in_search", epochs: { keep: "keep_epochs", stopAt: "stop_at" } },
  },
  {
    ...{ name: "select", version: 1, summary: "the best of several", use: "select", role: "head" },
    params: {
      points: { type: "wired", summary: "what is chosen among" },
      want: { type: "wired", summary: "max or min" },
      lowest: { type: "wired", summary: "where ranges begin" },
      highest: { type: "wired", summary: "where ranges end" },
      stop_at: { type: "wired", summary: "set to the best epoch's share" },
    },
    inputs: { scores: { kind: "score", many: true, summary: "a score per point" } },
    output: "choice",
  },
  {
    ...{ name: "chosen", version: 1, summary: "the settings alone", use: "chosen", role: "head" },
    params: {},
    inputs: { choice: { kind: "choice", summary: "the choice" } },
    output: "chosen",
  },
  {
    ...{ name: "score_epochs", version: 1, summary: "the best epoch", use: "score epochs", role: "head" },
    params: {
      metric: { type: "wired", summary: "which metric" },
      want: { type: "wired", summary: "max or min" },
    },
    inputs: { classifier: { kind: "classifier", summary: "the classifier" }, features, examples },
    output: "score",
  },
  {
    ...{ name: "pool", version: 1, summary: "folds in one", use: "pool", role: "head" },
    params: {},
    inputs: { parts: { kind: "predictions", many: true, summary: "predictions of a fold" } },
    output: "predictions",
  },
  { ...metric("auroc"), better: "higher" },
  metric("accuracy"),
  ...protocolSignatures,
];
