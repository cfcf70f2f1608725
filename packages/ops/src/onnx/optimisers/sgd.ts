import { scalarLike } from "../operators/filling.ts";
import { add, multiply, subtract } from "../operators/arithmetic.ts";
import type { GraphTensor } from "../graph-builder.ts";
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
    factors: [],
    update(graph, { parameter, slots: [velocity], gradient, rate, weightDecay, rateChange }) {
      const atRate = (x: GraphTensor): GraphTensor => (rateChange === null ? multiply(graph, x, rate) : x);
      const decay = weightDecay === null || rateChange === null ? weightDecay : multiply(graph, weightDecay, rate);
      const decayed = decay === null ? gradient : add(graph, gradient, multiply(graph, parameter, decay));
      if (velocity === undefined) return { parameter: subtract(graph, parameter, atRate(decayed)), slots: [] };
      const keep = scalarLike(graph, parameter, momentum);
      const kept = rateChange === null ? keep : multiply(graph, rateChange, keep);
      // A pass of its own, not the addend of the gradient's product: onnxruntime copies an addend on one thread.
      const next = add(graph, multiply(graph, velocity, kept), decayed);
      const direction = nesterov ? add(graph, decayed, multiply(graph, next, keep)) : next;
      return { parameter: subtract(graph, parameter, atRate(direction)), slots: [next] };
    },
  };
}
