import { aFifthOfASecond } from "./call-length.ts";
import { trainInCalls } from "./train-in-calls.ts";
import type { TrainHeads } from "./trainer.ts";

/** The engine for heads on the CPU: forward pass, gradient, optimiser and the loop over steps are one graph of onnxruntime. */
export const trainWithOnnx: TrainHeads = (task, hooks) => trainInCalls(task, hooks, { chooseLength: aFifthOfASecond });
