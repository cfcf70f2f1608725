import type { TrainingTask } from "@exp-lab/ops";

/** The grid that all training figures share: heads that differ in their rates alone. */
export const grid = { heads: 16, outputs: 14, batch: 128, momentum: 0.9 } as const;

export interface GridTask {
  readonly features: number;
  readonly rows: number;
  readonly steps: number;
  readonly loss: TrainingTask["examples"]["loss"];
}

/** Features of no meaning, on memory of their own as a run hands them over, with a truth that hangs on them. */
export function makeGridTask({ features, rows, steps, loss }: GridTask): TrainingTask {
  const draw = createStream(1);
  const values = new Float32Array(rows * features);
  for (let index = 0; index < values.length; index += 1) values[index] = 1.5 + draw();
  const perRow = loss === "sigmoid" ? grid.outputs : 1;
  const targets = Int32Array.from({ length: rows * perRow }, (_, index) => {
    const input = values[Math.floor(index / perRow) * features + (index % perRow)]!;
    return loss === "sigmoid" ? Number(input > 1.9) : Math.min(grid.outputs - 1, Math.floor((input - 0.5) * 7));
  });
  const epochSteps = Math.ceil(rows / grid.batch);
  return {
    examples: {
      rows,
      values,
      rowWidth: features,
      columns: [{ start: 0, length: features }],
      mean: new Float32Array(features).fill(1.5),
      // Of an even distribution over [-1, 1).
      deviation: new Float32Array(features).fill(1 / Math.sqrt(3)),
      loss,
      outputs: grid.outputs,
      targets,
    },
    plan: {
      epochs: Math.ceil(steps / epochSteps),
      batchSize: grid.batch,
      order: (epoch) => shuffledRows(rows, epoch),
      rateFactor: (step) => 0.5 * (1 + Math.cos((Math.PI * step) / steps)),
      momentum: grid.momentum,
      steps,
      initialWeights: Float32Array.from({ length: grid.outputs * features }, () => 0.01 * draw()),
      keepEpochs: false,
    },
    heads: Array.from({ length: grid.heads }, (_, head) => ({
      learningRate: 10 ** (-3 + (2 * head) / (grid.heads - 1)),
      weightDecay: 0,
    })),
  };
}

function shuffledRows(rows: number, epoch: number): Int32Array {
  const draw = createStream(epoch + 2);
  const order = Int32Array.from({ length: rows }, (_, row) => row);
  for (let last = rows - 1; last > 0; last -= 1) {
    const other = Math.floor(((draw() + 1) / 2) * (last + 1));
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
  return order;
}

/** Cheap numbers in [-1, 1): xorshift, which is enough where nobody reads a result. */
function createStream(seed: number): () => number {
  let state = seed * 2654435761 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state / 2 ** 31;
  };
}
