import { vitNamings } from "../../naming/vit-namings.ts";
import { digestOf, imageNet, onHub, type PublishedBackbone } from "../published-backbone.ts";
import { transformerNetwork, transformerSizes } from "./transformer-sizes.ts";

const sizes = { vits14: "small", vitb14: "base", vitl14: "large", vitg14: "giant" } as const;

const digests: Readonly<Record<string, string>> = {
  dinov2_vits14: "ae1e99fcefd534ed978cdeb8326f08030c96e28b7a81ffcbc98a857c84d14be1",
  dinov2_vitb14: "d73036b56966966d07975d696bde331762f37297e2f095de8cea0040c3aa0841",
  dinov2_vitl14: "399fba97a95f22c36834418bc69373364a99af3a1153da1c0fb31db567c92e23",
  dinov2_vitg14: "917d3c470db999d32a312f8542149be91c7cbac61ee8fb4b67ae3d82b79ce21f",
  dinov2_vitb14_reg: "7a6f7b3b9fa4b8732e707476a03cd6cdce210048582f21aafb7991c17d98e362",
  dinov2_vitg14_reg: "c03832d44691e99b62ae28c4dfa2f134853a3614b3756c94f525109cce5a5051",
};

/** The width of the giant's gated perceptron: two thirds of four times its own, rounded up to a multiple of 8. */
const giantHidden = 4096;

const preprocessing = {
  imageSize: 224,
  resizeTo: 256,
  resample: "pillow_bicubic",
  fit: "shorter-side",
  ...imageNet,
} as const;

/** Positions are those of 518 pixels. */
const lacks = /^norm_pre\.|^projection\.|\.bias_mask$|\.mlp\.gate\./;

export const dinov2Family: readonly PublishedBackbone[] = [false, true].flatMap((hasRegisters) =>
  Object.entries(sizes).map(([short, size]) => {
    const isGiant = size === "giant";
    const name = `dinov2_${short}${hasRegisters ? "_reg" : ""}`;
    return {
      name,
      summary: `DINOv2 ViT-${short.slice(3, 4).toUpperCase()}/14${hasRegisters ? " with four registers" : ""}, self-supervised on LVD-142M.`,
      source: hasRegisters ? "Darcet et al. 2024" : "Oquab et al. 2024",
      licence: "Apache-2.0",
      weights: {
        lvd142m: {
          from: onHub(`facebook/dinov2-${hasRegisters ? "with-registers-" : ""}${size}`, "model.safetensors"),
          ...digestOf(digests[name]),
        },
      },
      namings: vitNamings.dinov2,
      preprocessing,
      lacks,
      ...transformerNetwork(
        {
          ...transformerSizes[size],
          patchSize: 14,
          epsilon: 1e-6,
          activation: isGiant ? "swiglu" : "gelu",
          ...(isGiant ? { hidden: giantHidden } : {}),
          registers: hasRegisters ? 4 : 0,
          positions: { kind: "learned", grid: 37 },
        },
        hasRegisters ? "size_antialias" : "meta_offset",
      ),
    };
  }),
);

/** DINOv2 trained further on chest radiographs, by Microsoft; images of 518 pixels, with their own mean. */
export const radDino: PublishedBackbone = {
  name: "rad_dino",
  summary:
    "RAD-DINO: DINOv2 ViT-B/14 trained further on five public sets of chest X-rays (NIH's among them), at 518 pixels.",
  source: "Pérez-García et al. 2025",
  licence: "MIT",
  weights: {
    rad_dino: {
      from: onHub("microsoft/rad-dino", "model.safetensors"),
      ...digestOf("dbfb9f54459c38773505de64a6ab7807bdcb392610fe1e697166342e43fb91ae"),
    },
  },
  namings: vitNamings.dinov2,
  lacks,
  preprocessing: {
    imageSize: 518,
    resizeTo: 518,
    resample: "pillow_bicubic",
    fit: "shorter-side",
    mean: [0.5307, 0.5307, 0.5307],
    deviation: [0.2583, 0.2583, 0.2583],
  },
  ...transformerNetwork(
    {
      ...transformerSizes.base,
      patchSize: 14,
      epsilon: 1e-6,
      activation: "gelu",
      registers: 0,
      positions: { kind: "learned", grid: 37 },
    },
    "size",
  ),
};
