import { readFileSync } from "node:fs";
import type { TrainingExamples, TrainingPlan } from "../../../packages/ops/src/heads/linear/trainer.ts";

/** What `linear_training.py` wrote. */
export interface LinearTrainingCase extends Pick<
  TrainingExamples,
  "rows" | "rowWidth" | "columns" | "loss" | "outputs"
> {
  readonly name: string;
  readonly batchSize: number;
  readonly epochs: number;
  readonly momentum: number;
  readonly heads: readonly LinearTrainingHead[];
}

/** A head of PyTorch in float64. Arrays are the weights, [outputs, inputs], and then the bias. */
export interface LinearTrainingHead {
  readonly learningRate: number;
  readonly weightDecay: number;
  /** Of the first step. */
  readonly gradient: readonly number[];
  readonly end: readonly number[];
  /** Means of the epochs. */
  readonly losses: readonly number[];
  /** How far PyTorch ended from `end` in float32. */
  readonly float32Distance: number;
}

export function readLinearTrainingFixture(): readonly LinearTrainingCase[] {
  return JSON.parse(
    readFileSync(new URL("linear_training.json", import.meta.url), "utf8"),
  ) as readonly LinearTrainingCase[];
}

/** The examples of a case, its initial weights and the order of its epochs, drawn as `linear_training.py` draws them. */
export function drawTraining(drawn: Omit<LinearTrainingCase, "name" | "heads">): DrawnTraining {
  const { rows, rowWidth, columns, loss, outputs, batchSize, epochs, momentum } = drawn;
  const draw = createDraws(1);
  const array = (count: number, low: number, high: number): number[] =>
    Array.from({ length: count }, () => low + draw() * (high - low));
  const inputs = columns.reduce((sum, { length }) => sum + length, 0);
  const values = Float32Array.from(array(rows * rowWidth, -2, 2));
  const mean = Float32Array.from(array(inputs, -0.5, 0.5));
  const deviation = Float32Array.from(array(inputs, 0.5, 1.5));
  const initialWeights = Float32Array.from(array(outputs * inputs, -0.25, 0.25));
  const drawnTargets = loss === "softmax" ? array(rows, 0, outputs) : array(rows * outputs, 0, 2);
  const targets = Int32Array.from(drawnTargets, Math.floor);
  const steps = Math.ceil(rows / batchSize) * epochs;
  return {
    examples: { rows, values, rowWidth, columns, mean, deviation, loss, outputs, targets },
    plan: {
      epochs,
      batchSize,
      order: (epoch) => shuffled(epoch + 1, rows),
      rateFactor: (step) => (1 + Math.cos((Math.PI * step) / steps)) / 2,
      momentum,
      steps,
      initialWeights,
      keepEpochs: false,
    },
  };
}

export interface DrawnTraining {
  readonly examples: TrainingExamples;
  readonly plan: TrainingPlan;
}

/** A linear congruential generator (modulus 2^31): the high 23 bits of its states, from 0 to 1. */
function createDraws(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >> 8) / 2 ** 23;
  };
}

/** Fisher and Yates, from the last place down. */
function shuffled(seed: number, count: number): Int32Array {
  const draw = createDraws(seed);
  const order = Int32Array.from({ length: count }, (_, place) => place);
  for (let place = count - 1; place > 0; place--) {
    const other = Math.floor(draw() * (place + 1));
    [order[place], order[other]] = [order[other]!, order[place]!];
  }
  return order;
}
