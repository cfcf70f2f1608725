import type { TensorValues } from "../../runtime/session.ts";
import type { OpenWindow } from "./feature-window.ts";
import type { TrainingTask } from "./trainer.ts";
import type { TrainingBatches } from "./training-batches.ts";

/** Steps `start` (inclusive, from 0) to `end` (exclusive) of a plan. */
export interface StepRange {
  readonly start: number;
  readonly end: number;
}

export interface StepInputs {
  /** The graph's inputs that are the same for all blocks of heads. */
  readonly values: TensorValues;
  /** Rows of each step's batch. */
  readonly counts: readonly number[];
}

/**
 * The batches of some steps as inputs of the training graph. Every batch has the same number of rows: one that is smaller is
 * filled up with its own first row, at a share of zero.
 */
export function createStepInputs(task: TrainingTask, batches: TrainingBatches, openWindow: OpenWindow) {
  return ({ start, end }: StepRange): StepInputs => {
    const steps = Array.from({ length: end - start }, (_, place) => batches.rowsOf(start + place));
    const window = openWindow(joined(steps));
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
        shares[index] = isFilling ? 0 : 1 / batch.length;
      }
      opened += batch.length;
    });
    const dims = [steps.length, batches.batchSize];
    const factors = Float32Array.from(steps, (_, step) => task.plan.rateFactor(start + step));
    return {
      values: {
        features: { data: window.values, dims: [window.rows, task.examples.rowWidth] },
        rows: { data: rows, dims },
        shares: { data: shares, dims },
        targets: targetsOf(task, examples, dims),
        factor: { data: factors, dims: [steps.length] },
      },
      counts: steps.map((batch) => batch.length),
    };
  };
}

function targetsOf({ examples }: TrainingTask, rows: Int32Array, dims: readonly number[]): TensorValues[string] {
  const { loss, outputs, targets } = examples;
  if (loss === "softmax") return { data: rows.map((row) => targets[row]!), dims };
  const data = new Float32Array(rows.length * outputs);
  rows.forEach((row, place) => {
    data.set(targets.subarray(row * outputs, (row + 1) * outputs), place * outputs);
  });
  return { data, dims: [...dims, outputs] };
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
