import { multiply, subtract } from "../operators/arithmetic.ts";
import { addUp, meanOfEach, onlyCounted } from "./counted-call.ts";
import type { Loss } from "./loss.ts";

/** The square of what a value is off, a mean over examples, outputs and space, as PyTorch's `MSELoss` has it. */
export function meanSquaredError(): Loss {
  return (graph, call) => {
    const counted = onlyCounted(graph, call);
    const off = subtract(graph, counted.prediction, counted.truth);
    return addUp(graph, counted, { losses: meanOfEach(graph, multiply(graph, off, off)) });
  };
}
