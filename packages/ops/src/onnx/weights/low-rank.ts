import { OpError } from "../../op-error.ts";
import type { GraphTensor } from "../graph-builder.ts";
import type { NodeRewrite } from "../import/apply-model.ts";
import type { ImportCall } from "../import/importer.ts";
import { nearestName } from "../nearest-name.ts";
import { add, multiply } from "../operators/arithmetic.ts";
import { cast } from "../operators/conversions.ts";
import { scalarLike } from "../operators/filling.ts";
import { reshape } from "../operators/layout.ts";
import { matMul } from "../operators/products.ts";
import { elementCount, fixedSizeAt } from "../shapes.ts";
import { fits, someOf } from "./choose-weights.ts";
import type { MatrixUse } from "./matrix-uses.ts";

/** Low-rank pairs beside matrices that stay: x · W becomes x · W + alpha / rank · (x · down) · up. */
export interface LowRankOptions {
  /** The matrices that get a pair, by patterns of their names. */
  readonly patterns: readonly string[];
  readonly rank: number;
  readonly alpha: number;
}

/**
 * A pair's matrices, which are parameters. `down` is drawn and `up` zero at first, so that the network begins as it was.
 * Source: Hu et al., LoRA (2021), section 4.1.
 */
export interface LowRankPair {
  readonly matrix: MatrixUse;
  /** [inputs, rank] */
  readonly down: PairMatrix;
  /** [rank, outputs] */
  readonly up: PairMatrix;
}

export interface PairMatrix {
  readonly name: string;
  readonly shape: readonly [number, number];
}

/** @throws OpError `no-such-weight` where a pattern fits no matrix that rows are multiplied by */
export function lowRankPairs(
  matrices: readonly MatrixUse[],
  { patterns, rank }: LowRankOptions,
  file: string,
): readonly LowRankPair[] {
  for (const pattern of patterns) {
    if (matrices.some(({ weight }) => fits(pattern, weight.name))) continue;
    const names = matrices.map(({ weight }) => weight.name);
    const nearest = nearestName(pattern, names);
    throw new OpError(
      "no-such-weight",
      `${file} has no matrix that fits "${pattern}" and that rows are multiplied by.${nearest === null ? "" : ` Did you mean "${nearest}"?`}`,
      `Matrices of it that rows are multiplied by: ${someOf(names)}. A * stands for any letters.`,
    );
  }
  return matrices
    .filter(({ weight }) => patterns.some((pattern) => fits(pattern, weight.name)))
    .map((matrix) => {
      const { weight, inputs, outputs } = matrix;
      return {
        matrix,
        down: { name: `${weight.name}.low_rank_down`, shape: [inputs, rank] },
        up: { name: `${weight.name}.low_rank_up`, shape: [rank, outputs] },
      };
    });
}

/**
 * Adds the pairs to the products by their matrices, as two narrow products beside the wide one: the gradient of W itself, a third
 * of what training it costs, is never worked out.
 * @param read gives a pair's matrix by its name
 */
export function withLowRank(
  pairs: readonly LowRankPair[],
  { rank, alpha }: LowRankOptions,
  read: (name: string) => GraphTensor,
): NodeRewrite {
  const byFactor = new Map(pairs.map((pair) => [pair.matrix.factor, pair] as const));
  return (call, addNode) => {
    const results = addNode();
    const pair = byFactor.get(call.inputNames[1] ?? "");
    if (pair === undefined || (call.operator !== "MatMul" && call.operator !== "Gemm")) return results;
    return [addPair(call, results[0]!, { down: read(pair.down.name), up: read(pair.up.name), scale: alpha / rank })];
  };
}

interface ReadPair {
  readonly down: GraphTensor;
  readonly up: GraphTensor;
  readonly scale: number;
}

function addPair({ graph, inputs }: ImportCall, result: GraphTensor, { down, up, scale }: ReadPair): GraphTensor {
  const x = inputs[0]!;
  const [first, second] = [down, up].map((matrix) => (matrix.type === x.type ? matrix : cast(graph, matrix, x.type)));
  const rows = reshape(graph, x, [elementCount(x.shape.slice(0, -1)), fixedSizeAt(x.shape, -1)]);
  const narrow = multiply(graph, matMul(graph, rows, first!), scalarLike(graph, x, scale));
  return add(graph, result, reshape(graph, matMul(graph, narrow, second!), result.shape));
}
