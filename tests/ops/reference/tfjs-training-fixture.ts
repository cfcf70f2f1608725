import { readFileSync } from "node:fs";
import type { HeadWeights, TrainingExamples, TrainingPlan } from "../../../packages/ops/src/heads/linear/trainer.ts";

/** What `tfjs_training.py` wrote: the shape that all cases share, and heads that PyTorch trained in float64. */
export interface TrainingFixture {
  readonly rows: number;
  readonly rowWidth: number;
  readonly columns: TrainingExamples["columns"];
  readonly batchSize: number;
  readonly steps: number;
  readonly epochs: number;
  readonly cases: readonly TrainingCase[];
}

export interface TrainingCase {
  readonly name: string;
  readonly loss: TrainingExamples["loss"];
  readonly outputs: number;
  readonly momentum: number;
  /** What the drawn initial weights are multiplied with. */
  readonly scale: number;
  readonly heads: readonly TrainedReference[];
}

export interface TrainedReference {
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly losses: readonly number[];
  /** At the end of every epoch; the last one is cut short by `steps`. */
  readonly epochs: readonly { readonly [Part in keyof HeadWeights]: readonly number[] }[];
}

export function readTrainingFixture(): TrainingFixture {
  return JSON.parse(readFileSync(new URL("tfjs_training.json", import.meta.url), "utf8")) as TrainingFixture;
}

/** The problem of a case: the linear congruential generator that `tfjs_training.py` draws it with. */
export function trainingProblem(
  { rows, rowWidth, columns, batchSize, steps, epochs }: Omit<TrainingFixture, "cases">,
  { loss, outputs, momentum, scale }: Omit<TrainingCase, "name" | "heads">,
): { readonly examples: TrainingExamples; readonly plan: TrainingPlan } {
  const inputs = columns.reduce((sum, { length }) => sum + length, 0);
  let state = 12345;
  const draw = (levels: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >> 8) % levels;
  };
  const values = Float32Array.from({ length: rows * rowWidth }, () => draw(1024) / 256 - 2);
  const mean = Float32Array.from({ length: inputs }, () => draw(256) / 256 - 0.5);
  const deviation = Float32Array.from({ length: inputs }, () => draw(256) / 256 + 0.5);
  const initialWeights = Float32Array.from({ length: outputs * inputs }, () => (draw(256) / 128 - 1) * scale);
  const targets =
    loss === "softmax"
      ? Int32Array.from({ length: rows }, () => draw(outputs))
      : Int32Array.from({ length: rows * outputs }, () => draw(2));
  return {
    examples: { rows, values, rowWidth, columns, mean, deviation, loss, outputs, targets },
    plan: {
      epochs,
      batchSize,
      order: (epoch) => Int32Array.from({ length: rows }, (_, index) => (7 * index + 11 * epoch) % rows),
      rateFactor: (step) => 0.5 * (1 + Math.cos((Math.PI * step) / steps)),
      momentum,
      steps,
      initialWeights,
      keepEpochs: true,
    },
  };
}
