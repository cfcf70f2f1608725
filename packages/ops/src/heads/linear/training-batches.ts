import type { TrainingPlan } from "./trainer.ts";

/** The batches of a plan, one after the other through all epochs. */
export interface TrainingBatches {
  /** Steps in all. */
  readonly steps: number;
  readonly stepsPerEpoch: number;
  /** Rows of a batch; a smaller last batch of an epoch has fewer. */
  readonly batchSize: number;
  /** The rows of a step's batch (steps from 0, asked for in order). */
  readonly rowsOf: (step: number) => Int32Array;
}

/** @param allRows of the examples */
export function planBatches(plan: TrainingPlan, allRows: number): TrainingBatches {
  const rows = plan.rowsPerEpoch ?? allRows;
  const batchSize = Math.min(plan.batchSize, rows);
  const stepsPerEpoch = Math.ceil(rows / batchSize);
  let current: { readonly epoch: number; readonly order: Int32Array } | null = null;
  return {
    steps: Math.min(plan.steps, plan.epochs * stepsPerEpoch),
    stepsPerEpoch,
    batchSize,
    rowsOf(step) {
      const epoch = Math.floor(step / stepsPerEpoch);
      if (current?.epoch !== epoch) current = { epoch, order: plan.order(epoch) };
      const start = (step % stepsPerEpoch) * batchSize;
      return current.order.subarray(start, Math.min(start + batchSize, rows));
    },
  };
}
