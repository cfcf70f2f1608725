import type { GraphNode, GraphTensor } from "../graph-builder.ts";
import type { WindowStep } from "../operators/convolution.ts";
import { fixedSizeAt } from "../shapes.ts";
import { integersAttribute, textAttribute } from "../attributes.ts";
import { noGradient } from "./no-gradient.ts";

/**
 * How the windows of a convolution or a pooling go over its axes in space.
 * @throws OpError `no-gradient-rule` where the padding is left to the runtime to work out
 */
export function windowSteps(node: GraphNode, axes: number): readonly WindowStep[] {
  if (!["NOTSET", "VALID"].includes(textAttribute(node, "auto_pad", "NOTSET"))) {
    throw noGradient(node, "its gradient with automatic padding is not known");
  }
  const repeated = (value: number, times: number): readonly number[] => Array.from({ length: times }, () => value);
  const strides = integersAttribute(node, "strides") ?? repeated(1, axes);
  const dilations = integersAttribute(node, "dilations") ?? repeated(1, axes);
  const pads = integersAttribute(node, "pads") ?? repeated(0, 2 * axes);
  return strides.map((stride, axis) => {
    return { stride, dilation: dilations[axis]!, before: pads[axis]!, after: pads[axis + axes]! };
  });
}

export interface Windows {
  readonly from: GraphTensor;
  /** One place for each window. */
  readonly to: GraphTensor;
  readonly kernel: readonly number[];
  readonly steps: readonly WindowStep[];
}

/** Places at the end of each axis in space that no window reached, since a stride left them over; below 0 where one went beyond. */
export function leftOver({ from, to, kernel, steps }: Windows): readonly number[] {
  return steps.map(({ stride, dilation, before, after }, axis) => {
    const reach = (kernel[axis]! - 1) * dilation + 1;
    const reached = (fixedSizeAt(to.shape, axis + 2) - 1) * stride + reach - before - after;
    return fixedSizeAt(from.shape, axis + 2) - reached;
  });
}
