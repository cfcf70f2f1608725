import { vitNamings } from "../../naming/vit-namings.ts";
import {
  digestOf,
  inception,
  onHub,
  openAi,
  type PublishedBackbone,
  type PublishedPreprocessing,
} from "../published-backbone.ts";
import { transformerNetwork, transformerSizes } from "./transformer-sizes.ts";

interface ClipMember {
  readonly name: string;
  readonly what: string;
  readonly repository: string;
  /** Null: whichever the repository has. */
  readonly file: string | null;
  readonly sha256?: string;
  readonly size: "base" | "large" | "huge";
  readonly patchSize: number;
  readonly imageSize?: number;
  /** Width of the space that images and texts share. */
  readonly projected: number;
  /** Where they are not OpenAI's. */
  readonly mean?: PublishedPreprocessing["mean"];
  readonly deviation?: PublishedPreprocessing["deviation"];
}

const openAiMembers: readonly ClipMember[] = [
  {
    name: "clip_vit_b32",
    what: "ViT-B/32",
    repository: "clip-vit-base-patch32",
    file: "pytorch_model.bin",
    sha256: "a63082132ba4f97a80bea76823f544493bffa8082296d62d71581a4feff1576f",
    size: "base",
    patchSize: 32,
    projected: 512,
  },
  {
    name: "clip_vit_b16",
    what: "ViT-B/16",
    repository: "clip-vit-base-patch16",
    file: "pytorch_model.bin",
    sha256: "ec89c7b09c749a60aae3c9cd910516f24b58214a7df060b48962d14c469cfbf0",
    size: "base",
    patchSize: 16,
    projected: 512,
  },
  {
    name: "clip_vit_l14",
    what: "ViT-L/14",
    repository: "clip-vit-large-patch14",
    file: "model.safetensors",
    sha256: "a2bf730a0c7debf160f7a6b50b3aaf3703e7e88ac73de7a314903141db026dcb",
    size: "large",
    patchSize: 14,
    projected: 768,
  },
  {
    name: "clip_vit_l14_336",
    what: "ViT-L/14 at 336 pixels",
    repository: "clip-vit-large-patch14-336",
    file: null,
    size: "large",
    patchSize: 14,
    imageSize: 336,
    projected: 768,
  },
];

const laionMembers: readonly ClipMember[] = [
  {
    name: "openclip_vit_b32",
    what: "ViT-B/32",
    repository: "CLIP-ViT-B-32-laion2B-s34B-b79K",
    file: "open_clip_model.safetensors",
    sha256: "ac4f8c4b88af6d963118cbf40ad93176d092abbedfcb752601ae1866352656e6",
    size: "base",
    patchSize: 32,
    projected: 512,
  },
  {
    name: "openclip_vit_l14",
    what: "ViT-L/14",
    repository: "CLIP-ViT-L-14-laion2B-s32B-b82K",
    file: "open_clip_pytorch_model.safetensors",
    sha256: "7d129ed747e0ed53e82dfcc140382b51be66b56e6a9bdc3258afd2846e3bb019",
    size: "large",
    patchSize: 14,
    projected: 768,
    // The only one of them that was not trained with OpenAI's mean and deviation.
    ...inception,
  },
  {
    name: "openclip_vit_h14",
    what: "ViT-H/14",
    repository: "CLIP-ViT-H-14-laion2B-s32B-b79K",
    file: "open_clip_model.safetensors",
    sha256: "0084e75319a50ad85ef45377bad5bc38f2f58824459eb690048d51c9f8863be5",
    size: "huge",
    patchSize: 14,
    projected: 1024,
  },
];

export const clipFamily: readonly PublishedBackbone[] = [
  ...openAiMembers.map((member) => ({
    ...clip(member, "quick_gelu"),
    // Of the code: for the weights none is stated.
    licence: "MIT (code)",
    summary: `The image tower of OpenAI's CLIP ${member.what}, trained on 400 million images with their captions.`,
    source: "Radford et al. 2021",
    weights: { openai: { from: onHub(`openai/${member.repository}`, member.file), ...digestOf(member.sha256) } },
  })),
  ...laionMembers.map((member) => ({
    ...clip(member, "gelu"),
    summary: `The image tower of OpenCLIP ${member.what}, trained on LAION-2B.`,
    source: "Cherti et al. 2023",
    weights: { laion2b: { from: onHub(`laion/${member.repository}`, member.file), ...digestOf(member.sha256) } },
  })),
];

function clip(member: ClipMember, activation: "gelu" | "quick_gelu") {
  const {
    name,
    size,
    patchSize,
    imageSize = 224,
    projected,
    mean = openAi.mean,
    deviation = openAi.deviation,
  } = member;
  return {
    name,
    licence: "MIT",
    namings: vitNamings.clip,
    lacks: /^patch_embed\.proj\.bias$|\.bias_mask$|\.mlp\.gate\.|\.ls[12]\./,
    preprocessing: { imageSize, resizeTo: imageSize, resample: "pillow_bicubic", fit: "shorter-side", mean, deviation },
    ...transformerNetwork(
      {
        ...transformerSizes[size],
        ...{ patchSize, epsilon: 1e-5, activation, registers: 0, projected },
        positions: { kind: "learned", grid: imageSize / patchSize },
      },
      "size",
    ),
  } as const;
}

/** Its published feature is the projection, which lies in the space that PubMed's captions share. */
export const biomedClip: PublishedBackbone = {
  name: "biomedclip_vit_b16",
  summary:
    "The image tower of BiomedCLIP ViT-B/16, trained on 15 million figures of PubMed Central with their captions.",
  source: "Zhang et al. 2025",
  licence: "MIT",
  weights: {
    pmc15m: {
      from: onHub("microsoft/BiomedCLIP-PubMedBERT_256-vit_base_patch16_224", "open_clip_pytorch_model.bin"),
      ...digestOf("52cc993c5c5ff962bd0c60931874bc001e7e9b41666a385530f4a036294576be"),
    },
  },
  namings: vitNamings.biomedclip,
  lacks: /^norm_pre\.|^projection\.(?:matrix|bias)$|\.bias_mask$|\.mlp\.gate\.|\.ls[12]\./,
  preprocessing: { imageSize: 224, resizeTo: 224, resample: "pillow_bicubic", fit: "shorter-side", ...openAi },
  ...projectedFirst(),
};

function projectedFirst() {
  const network = transformerNetwork(
    {
      ...transformerSizes.base,
      ...{ patchSize: 16, epsilon: 1e-6, activation: "gelu", registers: 0, projected: 512 },
      positions: { kind: "learned", grid: 14 },
    },
    "size_antialias",
  );
  return { ...network, parts: ["projected", ...network.parts.filter((part) => part !== "projected")] };
}
