import type { GraphScope, GraphTensor } from "../../graph-builder.ts";
import { convolution, transposedConvolution, type WindowStep } from "../../operators/convolution.ts";
import { reshape, sliceEvery, transpose } from "../../operators/layout.ts";
import { sum } from "../../operators/reductions.ts";
import { sliceAxes } from "../../operators/slicing.ts";
import { fixedSizeAt } from "../../shapes.ts";
import { integerAttribute } from "../../attributes.ts";
import { ofOneResult, type NamedRule } from "../gradient-rule.ts";
import { kernelGradient } from "../kernel-gradient.ts";
import { leftOver, windowSteps } from "../windows.ts";

export const convolutionRules: readonly NamedRule[] = [
  [
    "Conv",
    ofOneResult(({ graph, node, gradient, inputs }) => {
      const [x, weight, bias] = [inputs[0]!, inputs[1]!, inputs[2]];
      const steps = windowSteps(node, weight.shape.length - 2);
      const groups = integerAttribute(node, "group", 1);
      return [
        () => spreadBack(graph, gradient, { x, weight, steps, groups }),
        () => kernelGradient(graph, { image: x, gradient, weight, steps, groups }),
        bias === undefined ? null : () => sum(graph, gradient, sumAxes(gradient)),
      ];
    }),
  ],
  [
    "ConvTranspose",
    // The transposed convolution is the gradient of a convolution, so that its own gradients are that convolution's.
    ofOneResult(({ graph, node, gradient, inputs }) => {
      const [x, weight, bias] = [inputs[0]!, inputs[1]!, inputs[2]];
      const steps = windowSteps(node, weight.shape.length - 2);
      const groups = integerAttribute(node, "group", 1);
      return [
        () => cut(graph, convolution(graph, gradient, { weight, steps, groups }), x),
        () => kernelGradient(graph, { image: gradient, gradient: x, weight, steps, groups }),
        bias === undefined ? null : () => sum(graph, gradient, sumAxes(gradient)),
      ];
    }),
  ],
];

function sumAxes({ shape }: GraphTensor): readonly number[] {
  return shape.flatMap((_, axis) => (axis === 1 ? [] : [axis]));
}

interface Convolved {
  readonly x: GraphTensor;
  readonly weight: GraphTensor;
  readonly steps: readonly WindowStep[];
  readonly groups: number;
}

/**
 * The gradient of the input: each gradient spreads over the window that it came from. With a stride of 1 this is a convolution
 * with the kernel turned round, which adds up as it goes where the transposed one writes all the windows first. Milliseconds of
 * both on one core: 384 to 192 channels, 3x3, 223 and 286; 64 to 64, 3x3, 22 and 26; 256 to 64, 1x1, 15 and 27; 96 by depth,
 * 3x3, 7 and 11, and 7x7, 24 and 47. With a stride of 2 it would go over four times the places: 85 and 25.
 */
function spreadBack(graph: GraphScope, gradient: GraphTensor, { x, weight, steps, groups }: Convolved): GraphTensor {
  const kernel = weight.shape.slice(2).map(Number);
  if (!isWorthTurning(gradient, { weight, steps, groups })) {
    const extra = leftOver({ from: x, to: gradient, kernel, steps });
    return transposedConvolution(graph, gradient, { weight, steps, groups, extra });
  }
  return convolution(graph, gradient, {
    weight: turned(graph, weight, groups),
    steps: steps.map(({ dilation, before, after }, axis) => {
      const reach = (kernel[axis]! - 1) * dilation;
      return { dilation, before: reach - before, after: reach - after };
    }),
    groups,
  });
}

/** A kernel of more channels than there are places takes longer to turn than the rest does (512 channels on 7x7). */
function isWorthTurning({ shape }: GraphTensor, { weight, steps, groups }: Omit<Convolved, "x">): boolean {
  const isPlain = steps.every(({ stride, dilation, before, after }, axis) => {
    return stride === 1 && Math.max(before, after) <= (fixedSizeAt(weight.shape, axis + 2) - 1) * dilation;
  });
  const places = [shape[0], ...shape.slice(2)].reduce<number>(
    (product, size) => product * (typeof size === "number" ? size : 1),
    1,
  );
  return isPlain && places >= fixedSizeAt(weight.shape, 0) / groups;
}

/** [groups · outer, inner, kernel...] as [groups · inner, outer, kernel...], the kernel from its last tap to its first. */
function turned(graph: GraphScope, weight: GraphTensor, groups: number): GraphTensor {
  const [inner, outer] = [fixedSizeAt(weight.shape, 1), fixedSizeAt(weight.shape, 0) / groups];
  const kernel = weight.shape.slice(2);
  const apart = reshape(graph, weight, [groups, outer, inner, ...kernel]);
  const exchanged = transpose(graph, apart, [0, 2, 1, ...kernel.map((_, axis) => axis + 3)]);
  const backwards = kernel.flatMap((size, axis) =>
    size === 1 ? [] : [{ axis: axis + 2, start: -1, end: -(2 ** 31), step: -1 }],
  );
  return sliceAxes(graph, reshape(graph, exchanged, [groups * inner, outer, ...kernel]), backwards);
}

/** Without what a convolution makes beyond the end, of places that are there for `output_padding` alone. */
function cut(graph: GraphScope, tensor: GraphTensor, { shape }: GraphTensor): GraphTensor {
  return shape.slice(2).reduce<GraphTensor>((whole, size, space) => {
    const [axis, end] = [space + 2, Number(size)];
    return fixedSizeAt(whole.shape, axis) === end
      ? whole
      : sliceEvery(graph, whole, { axis, start: 0, count: end, step: 1 });
  }, tensor);
}
