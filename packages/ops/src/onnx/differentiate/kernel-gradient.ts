import type { GraphScope, GraphTensor } from "../graph-builder.ts";
import { multiply } from "../operators/arithmetic.ts";
import { convolution, type WindowStep } from "../operators/convolution.ts";
import { concatenate, reshape, transpose } from "../operators/layout.ts";
import { pad } from "../operators/padding.ts";
import { matMul, product } from "../operators/products.ts";
import { sum } from "../operators/reductions.ts";
import { sliceAxes } from "../operators/slicing.ts";
import { dimensionAt, elementCount, fixedSizeAt, type Shape } from "../shapes.ts";

export interface KernelCall {
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
 * The gradient of a convolution's kernel: for each of its taps, what it saw of the image by the gradients of those places.
 * Four ways come to the same, and which is the fastest hangs on the shape alone. Milliseconds on one core of an EPYC, batches of
 * 8 (4 for the first), where the forward pass takes those of the last column:
 *
 * | kernel                        | by image | over the batch | as a convolution | by channel | forward |
 * | ----------------------------- | -------- | -------------- | ---------------- | ---------- | ------- |
 * | 384 to 192, 3x3, 64 px        |      269 |            269 |              545 |            |     224 |
 * | 64 to 64, 3x3, 56 px          |       29 |             24 |               49 |            |      24 |
 * | 512 to 512, 3x3, 7 px         |       52 |             22 |               37 |            |      24 |
 * | 256 to 64, 1x1, 56 px         |       10 |             13 |               54 |            |      13 |
 * | 512 to 2048, 1x1, 7 px        |       19 |              9 |               24 |            |         |
 * | 3 to 64, 7x7 by 2, 224 px     |      203 |             52 |               39 |            |      32 |
 * | 3 to 384, 16x16 by 16, 224 px |       33 |             14 |               11 |            |      10 |
 * | 3 to 32, 3x3 by 2, 224 px     |       17 |              9 |               14 |            |         |
 * | 32 groups of 4, 3x3, 28 px    |        8 |             10 |               12 |            |         |
 * | 96 by depth, 3x3, 56 px       |       64 |                |               32 |         20 |       8 |
 * | 96 by depth, 3x3 by 2, 56 px  |       22 |                |                9 |         10 |       4 |
 * | 96 by depth, 7x7, 56 px       |      357 |                |               63 |        104 |      24 |
 */
export function kernelGradient(graph: GraphScope, call: KernelCall): GraphTensor {
  const { gradient, weight, steps, groups } = call;
  const [inner, outer] = [fixedSizeAt(weight.shape, 1), fixedSizeAt(weight.shape, 0) / groups];
  const taps = countOf(weight.shape.slice(2));
  if (typeof dimensionAt(gradient.shape, 0) !== "number") return byImage(graph, call);
  if (groups > 1 && inner === 1) {
    const isSmall = taps < 25 && steps.every(({ stride }) => stride === 1);
    return outer === 1 && isSmall ? byChannel(graph, call) : asConvolution(graph, call);
  }
  if (groups > 1) return byImage(graph, call);
  if (inner < fewChannels) return taps < 16 ? overBatch(graph, call) : asConvolution(graph, call);
  return taps === 1 && countOf(gradient.shape.slice(2)) > outer ? byImage(graph, call) : overBatch(graph, call);
}

/** Taps of so few channels share a product, as one alone would be too narrow. */
const fewChannels = 16;

/** A product for each tap and image, [inner, places] by [places, outer], summed over the images. */
function byImage(graph: GraphScope, call: KernelCall): GraphTensor {
  const { gradient, weight, groups } = call;
  const batch = dimensionAt(gradient.shape, 0);
  const [inner, outer] = [fixedSizeAt(weight.shape, 1), fixedSizeAt(weight.shape, 0) / groups];
  const places = countOf(gradient.shape.slice(2));
  const byPlace = transpose(graph, reshape(graph, gradient, [batch, groups, outer, places]), [0, 1, 3, 2]);
  const taps = seenByTaps(graph, call.image, call).map((tap) => {
    const seen = reshape(graph, tap, [batch, groups, inner, places]);
    return reshape(graph, sum(graph, matMul(graph, seen, byPlace), [0]), [1, groups, inner, outer]);
  });
  return reshape(graph, transpose(graph, joined(graph, taps, 0), [1, 3, 2, 0]), weight.shape);
}

/** A product for each tap over all places of all images, [outer, B · places] by [B · places, inner]. */
function overBatch(graph: GraphScope, call: KernelCall): GraphTensor {
  const { image, gradient, weight } = call;
  const [outer, inner] = [fixedSizeAt(weight.shape, 0), fixedSizeAt(weight.shape, 1)];
  const byOutput = exchangeFirst(graph, gradient);
  const places = elementCount(byOutput.shape.slice(1));
  const rows = reshape(graph, byOutput, [outer, places]);
  const seen = seenByTaps(graph, exchangeFirst(graph, image), call).map((tap) => reshape(graph, tap, [inner, places]));
  const together = inner < fewChannels ? [joined(graph, seen, 0)] : seen;
  const products = together.map((tap) => product(graph, [rows, tap], { transposeB: true }));
  const stacked = reshape(graph, joined(graph, products, 1), [outer, seen.length, inner]);
  return reshape(graph, transpose(graph, stacked, [0, 2, 1]), weight.shape);
}

/** One convolution whose kernel is the gradient: images and channels exchange their parts, and so do strides and dilations. */
function asConvolution(graph: GraphScope, call: KernelCall): GraphTensor {
  const { image, gradient, weight, groups, steps } = call;
  const [batch, inner] = [fixedSizeAt(image.shape, 0), fixedSizeAt(weight.shape, 1)];
  const space = image.shape.slice(2);
  const apart = reshape(graph, image, [batch, groups, inner, ...space]);
  const exchanged = transpose(graph, apart, [2, 1, 0, ...space.map((_, axis) => axis + 3)]);
  const ends = endsOf(image, call);
  const used = sliceAxes(
    graph,
    reshape(graph, exchanged, [inner, groups * batch, ...space]),
    ends.map((end, axis) => ({ axis: axis + 2, start: 0, end: fixedSizeAt(space, axis) + Math.min(0, end), step: 1 })),
  );
  const result = convolution(graph, used, {
    weight: exchangeFirst(graph, gradient),
    steps: steps.map(({ stride, dilation, before }, axis) => {
      return { stride: dilation, dilation: stride, before, after: Math.max(0, ends[axis]!) };
    }),
    groups,
  });
  return exchangeFirst(graph, result);
}

/** Each channel has a kernel of its own: for each tap, the sum of the products value by value. */
function byChannel(graph: GraphScope, call: KernelCall): GraphTensor {
  const { image, gradient, weight } = call;
  const axes = gradient.shape.flatMap((_, axis) => (axis === 1 ? [] : [axis]));
  const taps = seenByTaps(graph, image, call).map((seen) =>
    reshape(graph, sum(graph, multiply(graph, seen, gradient), axes), [fixedSizeAt(weight.shape, 0), 1]),
  );
  return reshape(graph, joined(graph, taps, 1), weight.shape);
}

/** What each tap of the kernel saw, window by window. The image may have its first two axes exchanged. */
function seenByTaps(graph: GraphScope, image: GraphTensor, call: KernelCall): readonly GraphTensor[] {
  const { gradient, weight, steps } = call;
  const pads = endsOf(image, call).map((end, axis) => {
    return { axis: axis + 2, before: steps[axis]!.before, after: Math.max(0, end) };
  });
  const padded = pad(graph, image, { pads, mode: "constant", value: 0 });
  return tapsOf(weight.shape.slice(2).map(Number)).map((tap) =>
    sliceAxes(
      graph,
      padded,
      steps.map(({ stride, dilation }, space) => {
        const [axis, start] = [space + 2, tap[space]! * dilation];
        return { axis, start, end: start + (fixedSizeAt(gradient.shape, axis) - 1) * stride + 1, step: stride };
      }),
    ),
  );
}

/** How far the windows reach beyond the end of each axis in space; below 0 where a stride left places over. */
function endsOf({ shape }: GraphTensor, { gradient, weight, steps }: KernelCall): readonly number[] {
  return steps.map(({ stride, dilation, before }, space) => {
    const axis = space + 2;
    const last = (fixedSizeAt(gradient.shape, axis) - 1) * stride + (fixedSizeAt(weight.shape, axis) - 1) * dilation;
    return last + 1 - before - fixedSizeAt(shape, axis);
  });
}

function tapsOf(kernel: readonly number[]): readonly (readonly number[])[] {
  return kernel.reduce<readonly (readonly number[])[]>(
    (taps, size) => taps.flatMap((tap) => Array.from({ length: size }, (_, at) => [...tap, at])),
    [[]],
  );
}

function exchangeFirst(graph: GraphScope, x: GraphTensor): GraphTensor {
  const [first, second, ...others] = x.shape.map((_, axis) => axis);
  return transpose(graph, x, [second!, first!, ...others]);
}

function joined(graph: GraphScope, parts: readonly GraphTensor[], axis: number): GraphTensor {
  return parts.length === 1 ? parts[0]! : concatenate(graph, parts, axis);
}

function countOf(space: Shape): number {
  return space.reduce<number>((product, size) => product * Number(size), 1);
}
