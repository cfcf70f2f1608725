import type { Grid, OpSignature } from "@exp-lab/dsl";
import { scheduleParam } from "../schedule-param.ts";

/** Four rates around that of the method's authors, with and without a decay that is felt. */
const defaultGrid: Grid = { lr: [1e-4, 3e-4, 1e-3, 3e-3], weight_decay: [1e-4, 1e-2] };

export const attentionSignature = {
  name: "attention",
  version: 2,
  summary:
    "One linear layer on each bag's weighted mean of its images' frozen features, with the weights learnt too: gated attention (Ilse et al., 2018).",
  use: "constructor",
  role: "head",
  params: {
    lr: {
      type: "number",
      summary: "Learning rate at the first step; the schedule lowers it from there.",
      min: 1e-12,
      default: 1e-4,
    },
    weight_decay: {
      type: "number",
      summary: "Share of a weight that a step takes off at a rate of 1, as torch.optim.AdamW does.",
      min: 0,
      default: 1e-4,
    },
    hidden: { type: "integer", summary: "Width of the gate.", min: 1, max: 8192, default: 128 },
    epochs: {
      type: "integer",
      summary: "Passes over the bags; of stored views, each pass takes one of every bag.",
      min: 1,
      max: 100_000,
      default: 100,
    },
    batch_size: {
      type: "integer",
      summary: "Bags per step; the last step of an epoch takes what is left.",
      min: 1,
      max: 65_536,
      default: 32,
    },
    schedule: scheduleParam,
    standardise: {
      type: "boolean",
      summary: "Bring every feature to mean 0 and deviation 1 over the images that the head learns from.",
      default: true,
    },
    part: {
      type: "string",
      summary: "The part of the features to fit on; by default the backbone's own choice.",
      default: null,
    },
    seed: {
      type: "seed",
      summary: "Draws the first weights and the order of the bags and of their views.",
      default: 0,
    },
    in_search: { type: "wired", summary: "Whether the fit is a point of a search." },
  },
  inputs: {
    features: { kind: "features", split: "train", summary: "Features of the images to learn from." },
    examples: { kind: "examples", split: "train", summary: "Their bags and labels; an image without a bag is one." },
  },
  output: "attention",
  facts: { takesParts: { named: "part" } },
  grids: { default: defaultGrid },
  searching: { point: "in_search" },
} as const satisfies OpSignature;
