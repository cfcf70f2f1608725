import { vitNamings } from "../../naming/vit-namings.ts";
import {
  imageNet,
  inception,
  onHub,
  type PublishedBackbone,
  type PublishedPreprocessing,
} from "../published-backbone.ts";
import { transformerNetwork, transformerSizes } from "./transformer-sizes.ts";

interface VitMember {
  readonly name: string;
  readonly summary: string;
  readonly source: string;
  readonly repository: string;
  readonly size: keyof typeof transformerSizes;
  readonly patchSize?: number;
  /** Apache-2.0 where it is left out. */
  readonly licence?: string;
  readonly epsilon: number;
  readonly preprocessing: PublishedPreprocessing;
}

/** Squashed to a square, as Google's networks take images. */
const squashed = { imageSize: 224, resizeTo: 224, resample: "pillow_bilinear", fit: "squash" } as const;
/** The middle of an image whose shorter side is 256 pixels. */
const cropped = { imageSize: 224, resizeTo: 256, resample: "pillow_bicubic", fit: "shorter-side" } as const;

const members: readonly VitMember[] = [
  ...(["base", "large"] as const).flatMap((size): readonly VitMember[] => {
    const letter = size.slice(0, 1).toUpperCase();
    const shared = {
      source: "Dosovitskiy et al. 2021",
      size,
      epsilon: 1e-12,
      preprocessing: { ...squashed, ...inception },
    };
    return [
      {
        ...shared,
        name: `vit_${size}_patch16_224`,
        summary: `ViT-${letter}/16, supervised on ImageNet-21k and then on ImageNet-1k.`,
        repository: `google/vit-${size}-patch16-224`,
      },
      {
        ...shared,
        name: `vit_${size}_patch16_224_in21k`,
        summary: `ViT-${letter}/16, supervised on ImageNet-21k alone.`,
        repository: `google/vit-${size}-patch16-224-in21k`,
      },
    ];
  }),
  ...(["tiny", "small", "base"] as const).map((size): VitMember => ({
    name: `deit_${size}_patch16_224`,
    summary: `DeiT-${size.slice(0, 1).toUpperCase()}/16, supervised on ImageNet-1k.`,
    source: "Touvron et al. 2021",
    repository: `facebook/deit-${size}-patch16-224`,
    size,
    epsilon: 1e-6,
    preprocessing: { ...cropped, ...imageNet },
  })),
  ...(["small", "base", "large"] as const).map((size): VitMember => ({
    name: `msn_${size}_patch16_224`,
    summary: `MSN ViT-${size.slice(0, 1).toUpperCase()}/16, self-supervised on ImageNet-1k by masked siamese networks.`,
    source: "Assran et al. 2022",
    repository: `facebook/vit-msn-${size}`,
    size,
    epsilon: 1e-6,
    preprocessing: { ...squashed, ...imageNet },
  })),
  ...(["base", "large", "huge"] as const).map((size): VitMember => ({
    name: `mae_${size}_patch${size === "huge" ? "14" : "16"}_224`,
    summary: `MAE ViT-${size.slice(0, 1).toUpperCase()}/${size === "huge" ? "14" : "16"}, self-supervised on ImageNet-1k as a masked autoencoder.`,
    source: "He et al. 2022",
    repository: `facebook/vit-mae-${size}`,
    size,
    patchSize: size === "huge" ? 14 : 16,
    epsilon: 1e-12,
    preprocessing: { ...squashed, ...imageNet },
  })),
];

export const vitFamily: readonly PublishedBackbone[] = members.map(
  ({ name, summary, source, repository, licence = "Apache-2.0", size, patchSize = 16, epsilon, preprocessing }) => ({
    name,
    summary,
    source,
    licence,
    weights: { published: { from: onHub(repository) } },
    namings: vitNamings.vit,
    lacks: /^norm_pre\.|^projection\.|\.bias_mask$|\.mlp\.gate\.|\.ls[12]\./,
    preprocessing,
    ...transformerNetwork(
      {
        ...transformerSizes[size],
        patchSize,
        epsilon,
        activation: "gelu",
        registers: 0,
        positions: { kind: "learned", grid: preprocessing.imageSize / patchSize },
      },
      name.startsWith("deit") ? "size_antialias" : "size",
    ),
  }),
);
