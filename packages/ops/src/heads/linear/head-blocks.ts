import type { HeadSettings, HeadWeights, TrainingTask } from "./trainer.ts";

/**
 * The width of a block of columns in which heads lie side by side. onnxruntime takes another kernel for narrower products,
 * whose last bits differ; at one width, neither a head's place in it nor its neighbours change a bit. Part of every answer.
 */
const blockWidth = 256;

/** How the heads of a task lie in equal blocks. A head lies within one; one of more outputs than 256 has a wider one to itself. */
export interface BlockLayout {
  readonly inputs: number;
  readonly outputs: number;
  /** Columns of a block: a multiple of 256, those that no head has included. */
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
  const headsPerBlock = Math.max(1, Math.floor(blockWidth / outputs));
  const count = Math.ceil(heads.length / headsPerBlock);
  return {
    inputs: ranges.reduce((sum, { length }) => sum + length, 0),
    outputs,
    columns: Math.ceil(outputs / blockWidth) * blockWidth,
    headsPerBlock,
    hasWeightDecay: heads.some(({ weightDecay }) => weightDecay !== 0),
    blocks: Array.from({ length: count }, (_, block) => {
      const firstHead = block * headsPerBlock;
      return { firstHead, heads: heads.slice(firstHead, firstHead + headsPerBlock) };
    }),
  };
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
