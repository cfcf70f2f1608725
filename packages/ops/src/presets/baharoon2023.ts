import type { Preset, PresetSwitch } from "@exp-lab/dsl";
import { clipFamily } from "../backbones/published/families/clip.ts";
import { vitFamily } from "../backbones/published/families/vit.ts";

/** The vision transformers that the study took from transformers' `hidden_states`; DINOv2 was taken by its own code, with its norm. */
const unnormedBackbones = vitFamily.concat(clipFamily).map(({ name }) => name);

/**
 * The protocol of "Towards General Purpose Vision Foundation Models for Medical Image Analysis: An Experimental Study of DINOv2
 * on Radiology Benchmarks" (Baharoon et al., arXiv 2312.02366), as its code has it. Its choice of heads on the test split, where
 * no validation split was given, is not among the switches: that is never reproduced.
 */
const switches: readonly PresetSwitch[] = [
  {
    param: "backbone.mean",
    value: [0.485, 0.456, 0.406],
    summary: "ImageNet's mean is subtracted for every backbone, whatever it was trained with.",
  },
  {
    param: "backbone.deviation",
    value: [0.229, 0.224, 0.225],
    summary: "ImageNet's deviation is divided by for every backbone.",
  },
  {
    param: "backbone.rescale",
    value: "min_max",
    summary: "Each channel of each image is stretched to 0..1 after resizing.",
  },
  {
    param: "backbone.resample",
    value: "torch_bicubic",
    summary: "Images are resized bicubically without antialiasing.",
  },
  {
    param: "backbone.resize_to",
    value: -1,
    heads: ["knn", "mlknn", "knn_or_mlknn"],
    summary:
      "For nearest neighbours images are resized to 256 pixels and the middle 224 are cut out (likewise for other sizes); elsewhere there is no crop.",
  },
  {
    param: "backbone.resize_to",
    value: -2,
    summary: "Elsewhere the whole image is taken, also by backbones that were published with a crop.",
  },
  {
    param: "backbone.fit",
    value: "squash",
    summary: "Images are squashed to a square whatever their shape.",
  },
  {
    param: "backbone.norm",
    value: "none",
    backbones: unnormedBackbones,
    summary: "The class tokens of the networks taken from transformers are used without their final norm.",
  },
  {
    param: "backbone.half_reads",
    value: true,
    summary: "Pixel values are rounded to half precision when they are read.",
  },
  {
    param: "dataset.draw_order",
    value: "first",
    summary: "Few shots are the first patients of each class, not a draw.",
  },
  { param: "dataset.shots_of", value: "patients", summary: "Shots are counted in patients." },
  {
    param: "dataset.views",
    value: -1,
    heads: ["linear"],
    summary: "Probes see a new random crop and flip of every image in every epoch.",
  },
  {
    param: "dataset.view_ops",
    value: ["resized_crop", "horizontal_flip"],
    heads: ["linear"],
    summary: "A random crop of 75 to 100% of the area, then a flip of every second image.",
  },
  {
    param: "dataset.uncertain",
    value: "class",
    summary: "Uncertain labels become a class of their own.",
  },
  { param: "dataset.blank", value: "zeros", summary: "Labels that are left blank count as absent." },
  {
    param: "dataset.no_finding",
    value: "class",
    summary: '"No Finding" of NIH ChestX-ray14 is a class like the 14 findings.',
  },
  {
    param: "dataset.low_values",
    value: "zero",
    summary: "Of the brain tumours' images the values up to the 5th percentile become 0 instead of that percentile.",
  },
  {
    param: "dataset.orientation",
    value: "stored",
    summary: "The brain tumours' images are taken as their files hold them, mirrored over the diagonal.",
  },
  { param: "head.standardise", value: false, summary: "Features are not standardised." },
  {
    param: "head.loss_reduction",
    value: "sum_of_labels",
    summary: "The loss of several labels is summed over the batch, so that the rate hangs on the batch's size.",
  },
  {
    param: "head.scoring",
    value: "sigmoid",
    summary: "Several classes are scored by a sigmoid each, not by a softmax.",
  },
  {
    param: "head.counts_itself",
    value: true,
    summary: "ML-kNN counts each training example among its own neighbours.",
  },
  {
    param: "head.weights_over",
    value: 200,
    heads: ["knn", "knn_or_mlknn"],
    summary:
      "The neighbours' weights are a softmax over the most neighbours asked for, and those of the first k are summed.",
  },
  {
    param: "metric.absent",
    value: "zero",
    summary: "A class without positives or without negatives counts as an AUROC of 0 in the mean.",
  },
];

/** Where a search names no values. */
const grids = { linear: "study" };

/** The code that the published few-shot figures were made with. */
export const baharoon2023Figures: Preset = {
  name: "baharoon2023_figures",
  summary: "The DINOv2 radiology study as its few-shot figures were made: few shots are all that a head learns from.",
  switches,
  grids,
  refitOfShots: "train",
};

/** The code at its last commit. */
export const baharoon2023Head: Preset = {
  name: "baharoon2023_head",
  summary:
    "The DINOv2 radiology study's code at its last commit: the last fit learns from all validation examples besides.",
  switches: [
    ...switches,
    {
      param: "dataset.shots_refit_val",
      value: true,
      summary: "With few shots the last fit learns from the whole validation split too.",
    },
    {
      param: "head.with_val",
      value: true,
      heads: ["mlknn"],
      summary: "ML-kNN's training examples are those of the validation split too.",
    },
  ],
  grids,
  refitOfShots: "train+val",
};
