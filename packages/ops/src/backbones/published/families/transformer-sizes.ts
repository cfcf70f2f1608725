import type { PositionRule } from "../../networks/transformer/position-grid.ts";
import {
  classTokenBlocks,
  buildVisionTransformer,
  type VisionTransformer,
} from "../../networks/transformer/vision-transformer.ts";
import type { PublishedBackbone } from "../published-backbone.ts";

/** The usual sizes, as DeiT and ViT name them; the perceptron's hidden layer is four times as wide. */
export const transformerSizes = {
  tiny: { width: 192, depth: 12, heads: 3 },
  small: { width: 384, depth: 12, heads: 6 },
  base: { width: 768, depth: 12, heads: 12 },
  large: { width: 1024, depth: 24, heads: 16 },
  huge: { width: 1280, depth: 32, heads: 16 },
  giant: { width: 1536, depth: 40, heads: 24 },
} as const;

/** Everything of a vision transformer but the image's side, what becomes of its positions there, and the norm. */
export interface TransformerSpec extends Omit<VisionTransformer, "imageSize" | "norm" | "positions" | "hidden"> {
  /** Four times the width where it is left out. */
  readonly hidden?: number;
  readonly positions:
    { readonly kind: "learned"; readonly grid: number } | { readonly kind: "rotary"; readonly base: number };
}

/** The members of a published backbone that hang on the network alone. */
export function transformerNetwork(
  spec: TransformerSpec,
  rule?: PositionRule,
): Pick<PublishedBackbone, "multiple" | "parts" | "hasFinalNorm" | "build" | "positions"> {
  const { positions, width } = spec;
  const tokens = Array.from({ length: classTokenBlocks }, (_, index) => `cls_${String(index + 1)}`);
  return {
    multiple: spec.patchSize,
    parts: [...tokens, "patch_mean", ...(spec.projected === undefined ? [] : ["projected"])],
    ...(rule === undefined ? {} : { positions: rule }),
    hasFinalNorm: true,
    build: (graph, image, { weights, imageSize, norm, positions: chosen }) => {
      const placed = positions.kind === "rotary" ? positions : { ...positions, rule: chosen ?? "size" };
      const sizes = { ...spec, hidden: spec.hidden ?? 4 * width, imageSize, norm, positions: placed };
      return buildVisionTransformer(graph, image, { weights, sizes });
    },
  };
}
