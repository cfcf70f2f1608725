import { scalarLike } from "../operators/filling.ts";
import { add, divide, multiply, squareRoot, subtract } from "../operators/arithmetic.ts";
import type { Optimiser } from "./optimiser.ts";

export interface AdamWOptions {
  /** How much of the mean gradient is kept from step to step. */
  readonly beta1?: number;
  /** How much of the mean square is kept from step to step. */
  readonly beta2?: number;
  /** Added to the root of the mean square. */
  readonly epsilon?: number;
}

/**
 * Adam with decoupled weight decay, as torch.optim.AdamW has it:
 * w *= 1 - rate · decay; m += (1 - beta1) · (g - m); v += (1 - beta2) · (g² - v);
 * w -= rate / correction1 · m / (√(v / correction2) + epsilon), where correction = 1 - beta^(steps so far).
 *
 * Its time is passes over tensors of the parameter's size, so the slots hold M = m / (1 - beta1) and V = v / (1 - beta2), and
 * what v is divided by under the root is moved to the single values: the step is (rate · factor) · M / (√V + epsilon'). That
 * leaves 10 passes (11 with decay) of the 13 (14) of the definition: a tenth to a quarter less time at 1.5 million entries.
 */
export function adamW({ beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: AdamWOptions = {}): Optimiser {
  /** √V over √(v / correction2). */
  const rootScale = (step: number): number => Math.sqrt((1 - beta2 ** (step + 1)) / (1 - beta2));
  return {
    slots: ["first moment", "second moment"],
    factors: [
      { name: "rate factor", at: (step) => (rootScale(step) * (1 - beta1)) / (1 - beta1 ** (step + 1)) },
      { name: "epsilon", at: (step) => epsilon * rootScale(step) },
    ],
    update(graph, { parameter, slots, factors, gradient, rate, weightDecay, rateChange }) {
      if (rateChange !== null)
        throw new Error("AdamW's steps do not scale with gradients: they come without the rate.");
      const [first, second] = slots;
      const [rateFactor, floor] = factors;
      const single = (value: number) => scalarLike(graph, parameter, value);
      const mean = add(graph, multiply(graph, first!, single(beta1)), gradient);
      const square = add(graph, multiply(graph, second!, single(beta2)), multiply(graph, gradient, gradient));
      const direction = divide(graph, mean, add(graph, squareRoot(graph, square), floor!));
      const move = multiply(graph, direction, multiply(graph, rate, rateFactor!));
      const kept = weightDecay && subtract(graph, single(1), multiply(graph, rate, weightDecay));
      const decayed = kept === null ? parameter : multiply(graph, parameter, kept);
      return { parameter: subtract(graph, decayed, move), slots: [mean, square] };
    },
  };
}
