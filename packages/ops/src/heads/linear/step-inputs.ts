import type { TensorValues } from "../../runtime/session.ts";
import type { FeatureLender } from "./feature-window.ts";
import type { BlockLayout } from "./head-blocks.ts";
import type { TrainingTask } from "./trainer.ts";
import type { TrainingBatches } from "./training-batches.ts";

/** Steps `start` (inclusive, from 0) to `end` (exclusive) of a plan. */
export interface StepRange {
  readonly start: number;
  readonly end: number;
}

interface StepInputOptions {
  readonly layout: BlockLayout;
  readonly batches: TrainingBatches;
  readonly features: FeatureLender;
}

/**
 * The batches of some steps as inputs of the training graph, the same for all blocks of heads. Every batch has the same number of rows: one that is smaller is
 * filled up with its own first row, at a share of zero.
 */
export function createStepInputs(task: TrainingTask, { layout, batches, features }: StepInputOptions) {
  const tableDims = [task.examples.rows, layout.columns];
  const { weights } = task.examples;
  const tables: TensorValues = {
    truth: { data: truthTable(task, layout), dims: tableDims },
    ...(weights !== undefined && { elementWeights: { data: weightTable(task, layout, weights), dims: tableDims } }),
  };
  const { rateFactor, reduction } = task.plan;
  return ({ start, end }: StepRange): TensorValues => {
    const steps = Array.from({ length: end - start }, (_, place) => batches.rowsOf(start + place));
    const window = features.open(joined(steps));
    const size = steps.length * batches.batchSize;
    const rows = new Int32Array(size);
    const shares = new Float32Array(size);
    const examples = new Int32Array(size);
    let opened = 0;
    steps.forEach((batch, step) => {
      for (let place = 0; place < batches.batchSize; place++) {
        const isFilling = place >= batch.length;
        const index = step * batches.batchSize + place;
        rows[index] = window.positions[opened + (isFilling ? 0 : place)]!;
        examples[index] = batch[isFilling ? 0 : place]!;
        shares[index] = isFilling ? 0 : reduction === "sum" ? 1 : 1 / batch.length;
      }
      opened += batch.length;
    });
    const dims = [steps.length, batches.batchSize];
    const numbers = Array.from(steps, (_, step) => start + step);
    const changes = numbers.map((step) => (step === 0 ? 1 : rateFactor(step) / rateFactor(step - 1)));
    return {
      features: { data: window.values, dims: [window.rows, task.examples.rowWidth] },
      ...tables,
      rows: { data: rows, dims },
      examples: { data: examples, dims },
      shares: { data: shares, dims: [steps.length, 1, batches.batchSize] },
      factor: { data: Float32Array.from(numbers, rateFactor), dims: [steps.length] },
      change: { data: Float32Array.from(changes), dims: [steps.length] },
    };
  };
}

/** The truth of every example as the losses take it, [rows, columns]: 0 or 1, repeated for every head that a block can have. */
function truthTable({ examples }: TrainingTask, { columns, headsPerBlock, outputs }: BlockLayout): Float32Array {
  const { rows, loss, targets } = examples;
  const table = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const start = row * columns;
    if (loss === "softmax") table[start + targets[row]!] = 1;
    else for (let output = 0; output < outputs; output++) table[start + output] = targets[row * outputs + output]!;
  }
  return overHeads(table, { columns, headsPerBlock, outputs });
}

/** What every output's loss of every example counts, [rows, columns]: laid out as the truth; a softmax's outputs count what its row does. */
function weightTable({ examples }: TrainingTask, layout: BlockLayout, weights: Float32Array): Float32Array {
  const { columns, outputs } = layout;
  const table = new Float32Array(examples.rows * columns);
  for (let row = 0; row < examples.rows; row++) {
    const start = row * columns;
    if (examples.loss === "softmax") table.fill(weights[row]!, start, start + outputs);
    else table.set(weights.subarray(row * outputs, (row + 1) * outputs), start);
  }
  return overHeads(table, layout);
}

/** Repeats the first head's columns of every row for every head that a block can have. */
function overHeads(
  table: Float32Array,
  { columns, headsPerBlock, outputs }: Pick<BlockLayout, "columns" | "headsPerBlock" | "outputs">,
): Float32Array {
  for (let start = 0; start < table.length; start += columns) {
    for (let head = 1; head < headsPerBlock; head++) {
      table.copyWithin(start + head * outputs, start, start + outputs);
    }
  }
  return table;
}

function joined(parts: readonly Int32Array[]): Int32Array {
  const whole = new Int32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let start = 0;
  for (const part of parts) {
    whole.set(part, start);
    start += part.length;
  }
  return whole;
}
