import { scalarLike } from "../operators/filling.ts";
import type { GraphScope, GraphTensor } from "../graph-builder.ts";
import { add, multiply } from "../operators/arithmetic.ts";
import { equal, greater, where } from "../operators/choices.ts";

/**
 * Small gradients are zero in float16, so the loss is scaled up, and down again by half where a gradient is not finite any more;
 * that step is skipped. Source: Micikevicius et al., Mixed Precision Training (2018), section 3.2; numbers are those of
 * torch.amp.GradScaler.
 */
export const lossScaling = { start: 65536, growth: 2, backOff: 0.5, interval: 2000 } as const;

/** Names of the state: the scale, and how many steps in a row were taken since it last changed. */
export const lossScaleNames = { scale: "loss scale", streak: "steps at this scale" } as const;

export interface LossScale {
  readonly scale: GraphTensor;
  readonly streak: GraphTensor;
}

/** After a step whose gradients were finite, or not. All are single values. */
export function scaleAfter(graph: GraphScope, { scale, streak }: LossScale, isFinite: GraphTensor): LossScale {
  const single = (value: number): GraphTensor => scalarLike(graph, scale, value);
  const longer = add(graph, streak, single(1));
  const isDue = greater(graph, longer, single(lossScaling.interval - 0.5));
  const grown = where(graph, isDue, { then: multiply(graph, scale, single(lossScaling.growth)), otherwise: scale });
  const streakOn = where(graph, isDue, { then: single(0), otherwise: longer });
  return {
    scale: where(graph, isFinite, { then: grown, otherwise: multiply(graph, scale, single(lossScaling.backOff)) }),
    streak: where(graph, isFinite, { then: streakOn, otherwise: single(0) }),
  };
}

/** Whether a single value is neither infinite nor NaN. */
export function isFiniteValue(graph: GraphScope, x: GraphTensor): GraphTensor {
  const zero = scalarLike(graph, x, 0);
  return equal(graph, multiply(graph, x, zero), zero);
}
