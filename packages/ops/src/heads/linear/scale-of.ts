import type { TrainingExamples } from "./trainer.ts";

/** 1 / deviation, in single precision: a product takes less time than a division. */
export function scaleOf({ deviation }: Pick<TrainingExamples, "deviation">): Float32Array {
  return deviation.map((value) => 1 / value);
}
