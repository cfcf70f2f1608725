import { add, multiply, subtract } from "../operators/arithmetic.ts";
import type { Optimiser } from "./optimiser.ts";

export interface SgdOptions {
  readonly momentum: number;
  /** Looks ahead: the step is taken along the gradient plus momentum times the new velocity. */
  readonly nesterov?: boolean;
}

/**
 * Stochastic gradient descent with momentum and coupled weight decay, as torch.optim.SGD has it (dampening 0):
 * g += decay · w; v = momentum · v + g; w -= rate · v.
 */
export function sgd({ momentum, nesterov = false }: SgdOptions): Optimiser {
  return {
    slots: momentum === 0 ? [] : ["velocity"],
    update(graph, { parameter, slots: [velocity], gradient, rate, weightDecay }) {
      const decayed = weightDecay === null ? gradient : add(graph, gradient, multiply(graph, parameter, weightDecay));
      if (velocity === undefined) {
        return { parameter: subtract(graph, parameter, multiply(graph, decayed, rate)), slots: [] };
      }
      const keep = graph.scalar(momentum);
      // A pass of its own, not the addend of the gradient's product: onnxruntime copies an addend on one thread.
      const next = add(graph, multiply(graph, velocity, keep), decayed);
      const direction = nesterov ? add(graph, decayed, multiply(graph, next, keep)) : next;
      return { parameter: subtract(graph, parameter, multiply(graph, direction, rate)), slots: [next] };
    },
  };
}
