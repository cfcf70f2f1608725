import type { HeadSettings, HeadWeights, TrainingTask } from "./trainer.ts";

/**
 * The widths of the blocks of columns in which heads lie side by side. onnxruntime may take another kernel for products of
 * another width, whose last bits differ; at one width, neither a head's place in it nor its neighbours change a bit. So the
 * width hangs on a head's outputs alone, and is part of every answer.
 *
 * At 128 the weights of 768 inputs, their velocities and a batch fit into a core's own cache, and the heads of a grid
 * make blocks enough for several cores. Heads of few outputs would leave most of that empty.
 */
const blockWidths = [32, 64, 128];
const widest = 128;

/** Heads that should find room in the narrowest block that is taken: a usual grid has so many. */
const usualHeads = 16;

/** How the heads of a task lie in equal blocks. A head lies within one; one of more outputs than 128 has a wider one to itself. */
export interface BlockLayout {
  readonly inputs: number;
  readonly outputs: number;
  /** Columns of a block, those that no head has included. */
  readonly columns: number;
  readonly headsPerBlock: number;
  /** Whether any head has. */
  readonly hasWeightDecay: boolean;
  readonly blocks: readonly HeadBlock[];
}

export interface HeadBlock {
  /** The number of the first head in it, and its heads in their order. */
  readonly firstHead: number;
  readonly heads: readonly HeadSettings[];
}

export function layOutHeads({ heads, examples }: TrainingTask): BlockLayout {
  const { outputs, columns: ranges } = examples;
  const columns = widthFor(outputs);
  const headsPerBlock = Math.floor(columns / outputs);
  const count = Math.ceil(heads.length / headsPerBlock);
  return {
    inputs: ranges.reduce((sum, { length }) => sum + length, 0),
    outputs,
    columns,
    headsPerBlock,
    hasWeightDecay: heads.some(({ weightDecay }) => weightDecay !== 0),
    blocks: Array.from({ length: count }, (_, block) => {
      const firstHead = block * headsPerBlock;
      return { firstHead, heads: heads.slice(firstHead, firstHead + headsPerBlock) };
    }),
  };
}

function widthFor(outputs: number): number {
  return blockWidths.find((width) => width >= usualHeads * outputs) ?? Math.ceil(outputs / widest) * widest;
}

/** A value of each head, [columns]: repeated over its outputs, and zero where no head is. */
export function overColumns(
  layout: BlockLayout,
  { heads }: HeadBlock,
  valueOf: (head: HeadSettings) => number,
): Float32Array {
  const values = new Float32Array(layout.columns);
  heads.forEach((head, place) => {
    values.fill(valueOf(head), place * layout.outputs, (place + 1) * layout.outputs);
  });
  return values;
}

/** The weights that all heads of a block start from, [inputs, columns], none of them -0. @param initial [outputs, inputs] */
export function startingWeights(layout: BlockLayout, { heads }: HeadBlock, initial: Float32Array): Float32Array {
  const { inputs, outputs, columns } = layout;
  const weights = new Float32Array(inputs * columns);
  for (let input = 0; input < inputs; input++) {
    for (let column = 0; column < heads.length * outputs; column++) {
      weights[input * columns + column] = initial[(column % outputs) * inputs + input]! + 0;
    }
  }
  return weights;
}

/** A block's parameters: weights [inputs, columns] and bias [columns]. */
export interface BlockWeights {
  readonly weights: Float32Array;
  readonly bias: Float32Array;
}

/** A head's own columns, cut out. @param place the head's number in its block */
export function cutOutHead(layout: BlockLayout, block: BlockWeights, place: number): HeadWeights {
  const { inputs, outputs, columns } = layout;
  const first = place * outputs;
  const weights = new Float32Array(outputs * inputs);
  for (let input = 0; input < inputs; input++) {
    for (let output = 0; output < outputs; output++) {
      weights[output * inputs + input] = block.weights[input * columns + first + output]!;
    }
  }
  return { weights, bias: block.bias.slice(first, first + outputs) };
}
