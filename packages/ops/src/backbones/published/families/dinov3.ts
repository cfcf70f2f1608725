import { vitNamings } from "../../naming/vit-namings.ts";
import { digestOf, imageNet, onHub, type PublishedBackbone } from "../published-backbone.ts";
import { transformerNetwork, transformerSizes } from "./transformer-sizes.ts";

/** Those with a plus have a gated perceptron. */
const sizes = {
  vits16: { ...transformerSizes.small, activation: "gelu" },
  vits16plus: { ...transformerSizes.small, activation: "swiglu" },
  vitb16: { ...transformerSizes.base, activation: "gelu" },
  vitl16: { ...transformerSizes.large, activation: "gelu" },
  vith16plus: { width: 1280, depth: 32, heads: 20, activation: "swiglu" },
} as const;

const digests: Readonly<Record<string, string>> = {
  vits16: "4610ad75edef83e75afdebf162d148dc628045ea6cbb83d67d4708c709c4f91d",
  vits16plus: "208146e499dace99e4c9376ddb8a26f77d64c31c46c4dc4b86ff8bc63b0235e2",
  vitb16: "9a21ac3df0c63839d62612dda6f454d816c25611cc7a52966ed5a5a94921dc8b",
  vitl16: "dcb2e45127cccbf1601e5f42fef165eea275c8e5213197e8dcf3f48822718179",
  vith16plus: "3e1d4d18b9bfa9f28fad8e9de6a783f1313532d3460efa4cd0b12521d81d1a4d",
};

/** Keys have no bias. */
const lacks = /^norm_pre\.|^projection\.|\.bias_mask$|\.attn\.qkv\.|\.attn\.k\.bias$/;

export const dinov3Family: readonly PublishedBackbone[] = Object.entries(sizes).map(([short, size]) => ({
  name: `dinov3_${short}`,
  summary: `DINOv3 ViT-${short.slice(3, 4).toUpperCase()}${short.endsWith("plus") ? "+" : ""}/16, distilled from a 7-billion model that learned by itself from LVD-1689M.`,
  source: "Siméoni et al. 2025",
  licence: "DINOv3 License",
  isGated: true,
  weights: {
    lvd1689m: {
      from: onHub(`facebook/dinov3-${short}-pretrain-lvd1689m`, "model.safetensors"),
      ...digestOf(digests[short]),
    },
  },
  namings: vitNamings.dinov3,
  lacks,
  preprocessing: { imageSize: 224, resizeTo: 224, resample: "pillow_bilinear", fit: "squash", ...imageNet },
  ...transformerNetwork({
    ...size,
    patchSize: 16,
    epsilon: 1e-5,
    registers: 4,
    positions: { kind: "rotary", base: 100 },
  }),
}));
