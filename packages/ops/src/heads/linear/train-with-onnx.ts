import { aFifthOfASecond } from "./call-length.ts";
import { trainInCalls } from "./train-in-calls.ts";
import type { TrainHeads } from "./trainer.ts";

/** Bytes of feature rows that one call may name: where they have to be copied, that much is held beside the matrix. */
const rowsOfACall = 2 ** 27;

/** The engine for heads on the CPU: forward pass, gradient, optimiser and the loop over steps are one graph of onnxruntime. */
export const trainWithOnnx: TrainHeads = (task, hooks) => {
  const bytesOfAStep = task.plan.batchSize * task.examples.rowWidth * Float32Array.BYTES_PER_ELEMENT;
  const chooseLength = aFifthOfASecond(Math.max(1, Math.floor(rowsOfACall / bytesOfAStep)));
  return trainInCalls(task, hooks, { chooseLength });
};
