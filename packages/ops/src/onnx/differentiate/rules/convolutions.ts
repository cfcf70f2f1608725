import type { GraphScope, GraphTensor } from "../../graph-builder.ts";
import { convolution, transposedConvolution, type WindowStep } from "../../operators/convolution.ts";
import { concatenate, padWithZeros, reshape, sliceEvery, transpose } from "../../operators/layout.ts";
import { matMul } from "../../operators/products.ts";
import { sum } from "../../operators/reductions.ts";
import { dimensionAt, fixedSizeAt } from "../../shapes.ts";
import { integerAttribute } from "../../attributes.ts";
import { ofOneResult, type NamedRule } from "../gradient-rule.ts";
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
        () => weightGradient(graph, { image: x, gradient, weight, steps, groups }),
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
        () => weightGradient(graph, { image: gradient, gradient: x, weight, steps, groups }),
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

/** The gradient of the input: each gradient spreads over the window that it came from. */
function spreadBack(graph: GraphScope, gradient: GraphTensor, { x, weight, steps, groups }: Convolved): GraphTensor {
  const kernel = weight.shape.slice(2).map(Number);
  const extra = leftOver({ from: x, to: gradient, kernel, steps });
  return transposedConvolution(graph, gradient, { weight, steps, groups, extra });
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

interface WeightCall {
  /** What the windows went over, [B, groups · inner, space...]. */
  readonly image: GraphTensor;
  /** One place for each window, [B, groups · outer, space'...]. */
  readonly gradient: GraphTensor;
  /** [groups · outer, inner, kernel...] */
  readonly weight: GraphTensor;
  readonly steps: readonly WindowStep[];
  readonly groups: number;
}

/**
 * For each tap of the kernel a product: what the tap saw of the image, [inner, places], by the gradients of those places.
 * Nine products take half of what one convolution over exchanged axes does.
 */
function weightGradient(graph: GraphScope, call: WeightCall): GraphTensor {
  const { gradient, weight, groups } = call;
  const batch = dimensionAt(gradient.shape, 0);
  const inner = fixedSizeAt(weight.shape, 1);
  const outer = fixedSizeAt(weight.shape, 0) / groups;
  const places = gradient.shape.slice(2).reduce<number>((product, size) => product * Number(size), 1);
  const byPlace = transpose(graph, reshape(graph, gradient, [batch, groups, outer, places]), [0, 1, 3, 2]);
  const kernel = weight.shape.slice(2).map(Number);
  const taps = tapsOf(kernel).map((tap) => {
    const seen = reshape(graph, seenBy(graph, tap, call), [batch, groups, inner, places]);
    return reshape(graph, sum(graph, matMul(graph, seen, byPlace), [0]), [1, groups, inner, outer]);
  });
  const stacked = taps.length === 1 ? taps[0]! : concatenate(graph, taps, 0);
  return reshape(graph, transpose(graph, stacked, [1, 3, 2, 0]), weight.shape);
}

/** What one tap of the kernel saw, window by window. */
function seenBy(graph: GraphScope, tap: readonly number[], { image, gradient, steps }: WeightCall): GraphTensor {
  return steps.reduce((seen, { stride, dilation, before, after }, space) => {
    const axis = space + 2;
    const count = fixedSizeAt(gradient.shape, axis);
    const start = tap[space]! * dilation - before;
    const last = start + (count - 1) * stride;
    const size = fixedSizeAt(seen.shape, axis);
    const [lacking, beyond] = [Math.max(0, -start), Math.max(0, last + 1 - size)];
    const isPadded = lacking + beyond > 0 && before + after > 0;
    const padded = isPadded ? padWithZeros(graph, seen, { axis, before: lacking, after: beyond }) : seen;
    return sliceEvery(graph, padded, { axis, start: start + lacking, count, step: stride });
  }, image);
}

function tapsOf(kernel: readonly number[]): readonly (readonly number[])[] {
  return kernel.reduce<readonly (readonly number[])[]>(
    (taps, size) => taps.flatMap((tap) => Array.from({ length: size }, (_, at) => [...tap, at])),
    [[]],
  );
}
