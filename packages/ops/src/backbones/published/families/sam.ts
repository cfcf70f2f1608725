import { vitNamings } from "../../naming/vit-namings.ts";
import { buildSamEncoder } from "../../networks/transformer/sam-encoder.ts";
import { imageNet, onHub, type PublishedBackbone } from "../published-backbone.ts";
import { transformerSizes } from "./transformer-sizes.ts";

/** The blocks that attend over the whole image: the last of each quarter. */
const sizes = {
  b: {
    size: "base",
    globalBlocks: [2, 5, 8, 11],
    sha256: "892c410e496344e527255ccdcb2cb7244a609acb5389c7c4fdba1288f861c579",
  },
  l: {
    size: "large",
    globalBlocks: [5, 11, 17, 23],
    sha256: "a57e1b13cd1545938dfcbc9fb26df7f60de6650237a9383382a874a623564b81",
  },
  h: {
    size: "huge",
    globalBlocks: [7, 15, 23, 31],
    sha256: "edfb0462392541fca9af44ff039bfb32dbd0c939997f3abb77a26e23af7afd7c",
  },
} as const;

export const samFamily: readonly PublishedBackbone[] = Object.entries(sizes).map(
  ([letter, { size, globalBlocks, sha256 }]) => ({
    name: `sam_vit_${letter}`,
    summary: `The image encoder of Segment Anything, ViT-${letter.toUpperCase()}/16 on 1024 pixels, before its neck.`,
    source: "Kirillov et al. 2023",
    licence: "Apache-2.0",
    weights: { sa1b: { from: onHub(`facebook/sam-vit-${size}`, "model.safetensors"), sha256 } },
    namings: vitNamings.sam,
    lacks: /\.bias_mask$|\.mlp\.gate\.|\.ls[12]\./,
    preprocessing: { imageSize: 1024, resizeTo: 1024, resample: "pillow_bilinear", fit: "longest-side", ...imageNet },
    multiple: 16,
    parts: ["patch_mean"],
    positions: "size_antialias",
    hasFinalNorm: false,
    build: (graph, image, { weights, imageSize, positions }) => {
      const { width, depth, heads } = transformerSizes[size];
      return buildSamEncoder(graph, image, {
        weights,
        sizes: {
          ...{ imageSize, width, depth, heads, globalBlocks },
          ...{ patchSize: 16, hidden: 4 * width, window: 14, grid: 64, rule: positions ?? "size_antialias" },
        },
      });
    },
  }),
);
