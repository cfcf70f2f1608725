/**
 * What every engine that trains linear heads is handed and gives back. An engine trains several heads over the same
 * examples at once; a head's bits do not depend on which others are trained with it.
 */
export type TrainHeads = (task: TrainingTask, hooks: TrainingHooks) => Promise<readonly TrainedHead[]>;

export interface TrainingTask {
  readonly examples: TrainingExamples;
  readonly plan: TrainingPlan;
  /** Every head has its own settings and starts from `plan.initialWeights`. */
  readonly heads: readonly HeadSettings[];
}

/** The features and the truth of a training split. */
export interface TrainingExamples {
  readonly rows: number;
  /** Row-major float32, [rows, rowWidth]. A large one is never copied as a whole. */
  readonly values: Float32Array;
  readonly rowWidth: number;
  /** The columns of a row that are a head's inputs, one range after the other. */
  readonly columns: readonly { readonly start: number; readonly length: number }[];
  /** Inputs are standardised as (x - mean) / deviation; [inputs] each. */
  readonly mean: Float32Array;
  readonly deviation: Float32Array;
  /** `softmax`: cross-entropy over the outputs. `sigmoid`: binary cross-entropy with logits, averaged over the outputs. */
  readonly loss: "softmax" | "sigmoid";
  /** Outputs of a head: classes (softmax), labels (sigmoid), 1 for a binary problem (sigmoid). */
  readonly outputs: number;
  /** `softmax`: the class of each row, [rows]. `sigmoid`: 0 or 1, row-major [rows, outputs]. */
  readonly targets: Int32Array;
  /**
   * What the loss of each target counts, laid out as the targets are; absent: one each. It multiplies the loss and changes
   * nothing that a mean divides by: a target of weight 0 leaves the others' gradients as they are.
   */
  readonly weights?: Float32Array;
}

/** Which batches in which order, and how a step moves the weights. The same for all heads that are trained together. */
export interface TrainingPlan {
  readonly epochs: number;
  readonly batchSize: number;
  /** The order in which an epoch (from 0) goes through its rows. Batches are cut from it; the last may be smaller. */
  readonly order: (epoch: number) => Int32Array;
  /** How many rows every epoch's order has; absent: each row of the examples once. */
  readonly rowsPerEpoch?: number;
  /** Whether the loss of a batch is the mean over its rows, as it is by default, or their sum. */
  readonly reduction?: "mean" | "sum";
  /** What the learning rates are multiplied with at a step (from 0); above zero. */
  readonly rateFactor: (step: number) => number;
  readonly momentum: number;
  /** Steps after which training ends, where that is before the last epoch's end. */
  readonly steps: number;
  /** [outputs, inputs], row-major; biases start at zero. */
  readonly initialWeights: Float32Array;
  /** Whether the weights at the end of every epoch are wanted too. */
  readonly keepEpochs: boolean;
}

/** SGD as PyTorch has it: g + weightDecay · w enters the momentum, of weights and bias alike; then w -= rate · momentum. */
export interface HeadSettings {
  readonly learningRate: number;
  readonly weightDecay: number;
}

export interface TrainingHooks {
  readonly signal: AbortSignal;
  /** Steps done and to be done; called several times a second at most. */
  readonly progress: (done: number, total: number) => void;
}

/** A head at the end. Where a loss or a weight is not finite, `isFinite` is false and its weights mean nothing; the others are unharmed. */
export interface TrainedHead {
  readonly isFinite: boolean;
  readonly weights: HeadWeights;
  /** At the end of every epoch, the last one included; empty unless `keepEpochs`. */
  readonly epochs: readonly HeadWeights[];
  /** Loss of the first batch before the first step, and of the last one after the last step. */
  readonly firstLoss: number;
  readonly lastLoss: number;
}

export interface HeadWeights {
  /** [outputs, inputs], row-major. */
  readonly weights: Float32Array;
  /** [outputs] */
  readonly bias: Float32Array;
}
