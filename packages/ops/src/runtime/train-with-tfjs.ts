import type { MomentumOptimizer, Reduction, Scalar, Tensor, Tensor2D, Variable } from "@tensorflow/tfjs-core";
import type {
  HeadSettings,
  HeadWeights,
  TrainedHead,
  TrainHeads,
  TrainingExamples,
  TrainingTask,
} from "../heads/linear/trainer.ts";
import { createPacer } from "../heads/pacer.ts";
import { OpError } from "../op-error.ts";
import { loadTfjs, tfjsInstallation, type LoadedTfjs, type Tfjs } from "./tfjs.ts";

/**
 * Trains heads by TensorFlow.js: its own automatic differentiation, losses and optimiser, on whatever installation of it
 * `loadTfjs` finds. A head is trained by operations of its own, so that its bits do not depend on its neighbours.
 *
 * `threads` has no effect: WASM and JavaScript use one core in Node, and TensorFlow chooses for itself.
 * @throws OpError `engine-missing` where TensorFlow.js is not installed; `engine-broken`
 */
export const trainWithTfjs: TrainHeads = tfjsTrainer(() => loadTfjs());

/** The trainer on what `load` gives. */
export function tfjsTrainer(load: () => Promise<LoadedTfjs | null>): TrainHeads {
  return async (task, { signal, progress }) => {
    const loaded = await load();
    if (loaded === null) throw engineMissing();
    const { tf } = loaded;
    const { plan, examples } = task;
    const kind: LossKind = { loss: examples.loss, reduction: plan.reduction ?? "mean" };
    const rowsPerEpoch = plan.rowsPerEpoch ?? examples.rows;
    const total = Math.min(plan.steps, plan.epochs * Math.ceil(rowsPerEpoch / plan.batchSize));
    const report = createReporter(progress, total);
    const pause = createPacer(signal);
    const heads = task.heads.map((settings) => startHead(tf, task, settings));
    try {
      for (let step = 0, epoch = 0; step < total; epoch++) {
        const order = plan.order(epoch);
        for (let first = 0; first < rowsPerEpoch && step < total; first += plan.batchSize, step++) {
          const batch = takeBatch(tf, examples, order.subarray(first, first + plan.batchSize));
          try {
            for (const head of heads) {
              await pause();
              takeStep(tf, { head, batch, kind, rateFactor: plan.rateFactor(step) });
              if (step === total - 1) head.lastLoss = tf.tidy(() => lossOf(tf, head, { batch, kind }).dataSync()[0]!);
            }
          } finally {
            tf.dispose([batch.inputs, batch.truth, ...(batch.weights === null ? [] : [batch.weights])]);
          }
          report(step + 1);
        }
        if (plan.keepEpochs) for (const head of heads) head.epochs.push(weightsOf(head));
      }
      return heads.map(trained);
    } finally {
      for (const head of heads) disposeHead(tf, head);
    }
  };
}

/** A head in training. From the first loss on that is not finite, it takes no further steps. */
interface Head {
  readonly settings: HeadSettings;
  /** [outputs, inputs] */
  readonly weights: Variable;
  /** [outputs] */
  readonly bias: Variable;
  readonly optimiser: MomentumOptimizer;
  isFinite: boolean;
  firstLoss: number | null;
  lastLoss: number;
  readonly epochs: HeadWeights[];
}

function startHead(tf: Tfjs, { examples, plan }: TrainingTask, settings: HeadSettings): Head {
  const { outputs } = examples;
  const inputs = examples.mean.length;
  // A copy, for a backend may hold on to the array that it is given.
  const initial = plan.initialWeights.slice();
  return {
    settings,
    weights: tf.tidy(() => tf.variable(tf.tensor2d(initial, [outputs, inputs]))),
    bias: tf.tidy(() => tf.variable(tf.zeros([outputs]))),
    // Velocity = momentum · velocity + gradient; weights -= rate · velocity: PyTorch's SGD without dampening.
    optimiser: tf.train.momentum(settings.learningRate, plan.momentum),
    isFinite: true,
    firstLoss: null,
    lastLoss: Number.NaN,
    epochs: [],
  };
}

interface Batch {
  /** Standardised, [rows, inputs]. */
  readonly inputs: Tensor2D;
  /** One-hot classes or labels, [rows, outputs]. */
  readonly truth: Tensor2D;
  /** What each term of the loss counts: [rows] of a softmax, [rows, outputs] of sigmoids; null: one each. */
  readonly weights: Tensor | null;
}

/** Only a batch's rows ever become tensors. */
function takeBatch(tf: Tfjs, examples: TrainingExamples, rows: Int32Array): Batch {
  const { values, rowWidth, columns, mean, deviation, loss, outputs, targets } = examples;
  const width = mean.length;
  const inputs = new Float32Array(rows.length * width);
  const truth = new Float32Array(rows.length * outputs);
  rows.forEach((row, index) => {
    let input = 0;
    for (const { start, length } of columns) {
      for (let column = start; column < start + length; column++, input++) {
        inputs[index * width + input] = (values[row * rowWidth + column]! - mean[input]!) / deviation[input]!;
      }
    }
    if (loss === "softmax") truth[index * outputs + targets[row]!] = 1;
    else truth.set(targets.subarray(row * outputs, (row + 1) * outputs), index * outputs);
  });
  return {
    inputs: tf.tensor2d(inputs, [rows.length, width]),
    truth: tf.tensor2d(truth, [rows.length, outputs]),
    weights: weightsOfRows(tf, examples, rows),
  };
}

function weightsOfRows(tf: Tfjs, { weights, loss, outputs }: TrainingExamples, rows: Int32Array): Tensor | null {
  if (weights === undefined) return null;
  if (loss === "softmax") return tf.tensor1d(Array.from(rows, (row) => weights[row]!));
  const values = new Float32Array(rows.length * outputs);
  rows.forEach((row, index) => values.set(weights.subarray(row * outputs, (row + 1) * outputs), index * outputs));
  return tf.tensor2d(values, [rows.length, outputs]);
}

interface Step {
  readonly head: Head;
  readonly batch: Batch;
  readonly kind: LossKind;
  readonly rateFactor: number;
}

interface LossKind {
  readonly loss: TrainingExamples["loss"];
  readonly reduction: "mean" | "sum";
}

function takeStep(tf: Tfjs, { head, batch, kind, rateFactor }: Step): void {
  if (!head.isFinite) return;
  const { settings, weights, bias, optimiser } = head;
  let meanLoss = Number.NaN;
  optimiser.setLearningRate(settings.learningRate * rateFactor);
  optimiser.minimize(
    () => {
      const dataLoss = lossOf(tf, head, { batch, kind });
      meanLoss = dataLoss.dataSync()[0] ?? Number.NaN;
      if (settings.weightDecay === 0) return dataLoss;
      const squares = tf.add(tf.sum(tf.square(weights)), tf.sum(tf.square(bias)));
      return tf.add(dataLoss, tf.mul(settings.weightDecay / 2, squares));
    },
    false,
    [weights, bias],
  );
  head.isFinite = Number.isFinite(meanLoss);
  head.firstLoss ??= meanLoss;
}

/** The loss of a batch, without weight decay. */
function lossOf(tf: Tfjs, { weights, bias }: Head, { batch, kind }: Pick<Step, "batch" | "kind">): Scalar {
  const scores = tf.add<Tensor2D>(tf.matMul(batch.inputs, weights, false, true), bias);
  const entropy = kind.loss === "softmax" ? tf.losses.softmaxCrossEntropy : tf.losses.sigmoidCrossEntropy;
  const mean = weightedMean(tf, batch.weights, (termWeights, reduction) =>
    entropy<Tensor2D, Scalar>(batch.truth, scores, termWeights, 0, reduction),
  );
  return kind.reduction === "sum" ? tf.mul(mean, batch.inputs.shape[0]) : mean;
}

/** TensorFlow's own weighted mean divides by the sum of the weights; ours divides by how many there are. */
function weightedMean(
  tf: Tfjs,
  weights: Tensor | null,
  reduce: (weights: Tensor | undefined, reduction: Reduction) => Scalar,
): Scalar {
  if (weights === null) return reduce(undefined, tf.Reduction.MEAN);
  return tf.div(reduce(weights, tf.Reduction.SUM), weights.size);
}

function trained(head: Head): TrainedHead {
  const weights = weightsOf(head);
  const isFinite =
    head.isFinite &&
    Number.isFinite(head.lastLoss) &&
    weights.weights.every(Number.isFinite) &&
    weights.bias.every(Number.isFinite);
  const { epochs, firstLoss, lastLoss } = head;
  return { isFinite, weights, epochs, firstLoss: firstLoss ?? Number.NaN, lastLoss };
}

function weightsOf({ weights, bias }: Head): HeadWeights {
  return { weights: weights.dataSync<"float32">().slice(), bias: bias.dataSync<"float32">().slice() };
}

function disposeHead(tf: Tfjs, { weights, bias, optimiser }: Head): void {
  tf.dispose([weights, bias]);
  optimiser.dispose();
  // The momentum optimiser's own `dispose` forgets the learning rate's tensor, which the class that it extends made.
  tf.SGDOptimizer.prototype.dispose.call(optimiser);
}

/** Passes progress on a few times a second, and always the last step. */
function createReporter(progress: (done: number, total: number) => void, total: number): (done: number) => void {
  const interval = 250;
  let last = performance.now();
  return (done) => {
    if (done < total && performance.now() - last < interval) return;
    last = performance.now();
    progress(done, total);
  };
}

function engineMissing(): OpError {
  const { gpu, native, portable } = tfjsInstallation;
  return new OpError(
    "engine-missing",
    "The engine tfjs needs TensorFlow.js, which is not installed.",
    `Run one of ${gpu}, ${native} or ${portable}; or leave the engine at onnx, its default, which needs nothing more.`,
  );
}
