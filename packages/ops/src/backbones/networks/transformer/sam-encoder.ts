import type { GraphScope, GraphTensor } from "../../../onnx/graph-builder.ts";
import { add } from "../../../onnx/operators/arithmetic.ts";
import { convolution } from "../../../onnx/operators/convolution.ts";
import { reshape, transpose } from "../../../onnx/operators/layout.ts";
import { mean } from "../../../onnx/operators/reductions.ts";
import { dimensionAt } from "../../../onnx/shapes.ts";
import type { NetworkWeights } from "../../weights/network-weights.ts";
import { resizeGrid, type PositionRule } from "./position-grid.ts";
import { addRelativePositions } from "./relative-positions.ts";
import { selfAttention } from "./self-attention.ts";
import { transformerBlock } from "./transformer-block.ts";
import type { TransformerScope } from "./transformer-scope.ts";
import { inWindows } from "./windows.ts";

export interface SamEncoder {
  /** Side of the input image, a multiple of `patchSize`. */
  readonly imageSize: number;
  readonly patchSize: number;
  readonly width: number;
  readonly depth: number;
  readonly heads: number;
  readonly hidden: number;
  /** Side of the windows that most blocks attend in. */
  readonly window: number;
  /** The blocks (from 0) that attend over the whole image. */
  readonly globalBlocks: readonly number[];
  /** Side of the grid of positions that was published. */
  readonly grid: number;
  readonly rule: PositionRule;
}

const epsilon = 1e-6;

/**
 * Segment Anything's image encoder (Kirillov et al. 2023) before its neck: a vision transformer without a class token whose blocks attend in
 * windows, but for a few, with relative positions. Images [B, 3, size, size] -> `patch_mean` [B, width], the mean of the last block's tokens.
 */
export function buildSamEncoder(
  graph: GraphScope,
  image: GraphTensor,
  { weights, sizes }: { readonly weights: NetworkWeights; readonly sizes: SamEncoder },
): ReadonlyMap<string, GraphTensor> {
  const { width, depth, heads, hidden, imageSize, patchSize, window, globalBlocks, rule } = sizes;
  const scope: TransformerScope = { graph, weights, width, heads, epsilon };
  const side = imageSize / patchSize;
  const patches = convolution(graph, image, {
    weight: weights.get("patch_embed.proj.weight", [width, 3, patchSize, patchSize]),
    bias: weights.get("patch_embed.proj.bias", [width]),
    steps: [{ stride: patchSize }],
  });
  const rows = reshape(graph, patches, [dimensionAt(patches.shape, 0), width, side * side]);
  const stored = weights.shapeOf("pos_embed")?.[1] ?? sizes.grid;
  const known = weights.get("pos_embed", [1, stored, stored, width]);
  const positions = resizeGrid(graph, reshape(graph, known, [stored * stored, width]), { stored, wanted: side, rule });

  let tokens = add(graph, transpose(graph, rows, [0, 2, 1]), positions);
  for (let block = 0; block < depth; block++) {
    const name = `blocks.${String(block)}`;
    const isGlobal = globalBlocks.includes(block);
    const attend = (x: GraphTensor): GraphTensor =>
      isGlobal
        ? attendTo(x, { side, published: stored })
        : inWindows(graph, x, { side, window }, (each) => attendTo(each, { side: window, published: window }));
    const attendTo = (x: GraphTensor, of: { readonly side: number; readonly published: number }): GraphTensor => {
      const adjust = addRelativePositions(graph, { ...tablesOf(`${name}.attn`, of.published), side: of.side });
      return selfAttention(scope, x, { name: `${name}.attn`, adjust });
    };
    tokens = transformerBlock(scope, tokens, { name, hidden, activation: "gelu", attend });
  }
  return new Map([["patch_mean", mean(graph, tokens, 1)]]);

  function tablesOf(name: string, published: number): { readonly rows: GraphTensor; readonly columns: GraphTensor } {
    const tableOf = (axis: string): GraphTensor => {
      const table = `${name}.rel_pos_${axis}`;
      return weights.get(table, [weights.shapeOf(table)?.[0] ?? 2 * published - 1, width / heads]);
    };
    return { rows: tableOf("h"), columns: tableOf("w") };
  }
}
