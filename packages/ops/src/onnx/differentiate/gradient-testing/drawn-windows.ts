import type { WindowStep } from "../../operators/convolution.ts";
import type { Random } from "./random.ts";

/** Sizes of a convolution in one or two axes of space, such that every window fits. */
export interface DrawnConvolution {
  readonly kernel: readonly number[];
  readonly steps: readonly WindowStep[];
  readonly space: readonly number[];
  readonly batch: number;
  readonly groups: number;
  /** Channels of one group before and after. */
  readonly inner: number;
  readonly outer: number;
  readonly hasBias: boolean;
}

export function drawConvolution({ integer }: Random): DrawnConvolution {
  const axes = integer(1, 2);
  const perAxis = (least: number, most: number): readonly number[] =>
    Array.from({ length: axes }, () => integer(least, most));
  const kernel = perAxis(1, 3);
  const steps = kernel.map((size) => {
    return {
      stride: integer(1, 3),
      dilation: integer(1, 2),
      before: integer(0, size - 1),
      after: integer(0, size - 1),
    };
  });
  const space = kernel.map((size, axis) => (size - 1) * steps[axis]!.dilation + integer(1, 4));
  const [batch, groups, inner, outer] = [integer(1, 2), integer(1, 2), integer(1, 2), integer(1, 2)];
  return { kernel, steps, space, batch, groups, inner, outer, hasBias: integer(0, 1) === 1 };
}

/** A pooling's padding is at most half of its window. */
export function withinHalf(step: WindowStep, size: number): WindowStep {
  const most = Math.floor(size / 2);
  return { ...step, before: Math.min(step.before, most), after: Math.min(step.after, most) };
}
