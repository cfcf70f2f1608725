import { floatTypeOf, type GraphScope, type GraphTensor } from "../../graph-builder.ts";
import { divide, multiply } from "../../operators/arithmetic.ts";
import { transposedConvolution, type WindowStep } from "../../operators/convolution.ts";
import { scatterAdd } from "../../operators/indexing.ts";
import { expand, reshape } from "../../operators/layout.ts";
import { elementCount, fixedSizeAt } from "../../shapes.ts";
import { integerAttribute, integersAttribute } from "../../attributes.ts";
import { filledLike, scalarLike } from "../../operators/filling.ts";
import { ofOneResult, type NamedRule, type SimpleCall } from "../gradient-rule.ts";
import { leftOver, windowSteps } from "../windows.ts";

export const poolRules: readonly NamedRule[] = [
  ["MaxPool", ofOneResult((call) => [() => maxGradient(call)])],
  ["AveragePool", ofOneResult((call) => [() => averageGradient(call)])],
  [
    "GlobalAveragePool",
    ofOneResult(({ graph, gradient, inputs: [x] }) => [
      () => {
        const places = x!.shape.slice(2).reduce<number>((product, size) => product * Number(size), 1);
        return expand(graph, divide(graph, gradient, scalarLike(graph, gradient, places)), x!);
      },
    ]),
  ],
];

/** The gradient goes to the first of the largest values, as PyTorch has it: the pooling is done once more, with its places. */
function maxGradient({ graph, node, gradient, result, inputs }: SimpleCall): GraphTensor {
  const x = inputs[0]!;
  // Places are counted by rows, however the node itself counts them.
  const { storage_order: _order, ...attributes } = node.attributes;
  const [, places] = graph.nodeWithResults({ operator: "MaxPool", inputs: [x], attributes }, [
    { shape: result.shape, type: result.type },
    { shape: result.shape, type: "int64" },
  ]);
  const flat = (tensor: GraphTensor): GraphTensor => reshape(graph, tensor, [elementCount(tensor.shape)]);
  const scattered = scatterAdd(graph, filledLike(graph, flat(x), 0), {
    indices: flat(places!),
    updates: flat(gradient),
    axis: 0,
  });
  return reshape(graph, scattered, x.shape);
}

/** Each gradient, over the places of its window, spreads over them. */
function averageGradient(call: SimpleCall): GraphTensor {
  const { graph, node, gradient, inputs } = call;
  const x = inputs[0]!;
  const kernel = integersAttribute(node, "kernel_shape") ?? [];
  const steps = windowSteps(node, kernel.length);
  const shared = divide(graph, gradient, countsOf(call, { kernel, steps }));
  const extra = leftOver({ from: x, to: gradient, kernel, steps });
  // Where a window goes beyond the end (`ceil_mode`), what it spreads there is cut off.
  const cutOff = steps.map((step, axis) => ({ ...step, after: step.after + Math.max(0, -extra[axis]!) }));
  const channels = fixedSizeAt(x.shape, 1);
  return transposedConvolution(graph, shared, {
    weight: onesFor(graph, gradient, [channels, 1, ...kernel]),
    steps: cutOff,
    groups: channels,
    extra: extra.map((places) => Math.max(0, places)),
  });
}

interface Kernel {
  readonly kernel: readonly number[];
  readonly steps: readonly WindowStep[];
}

/** How many places count in each window, [1, 1, space...]: those in the image or, where padding counts, in the padding too. */
function countsOf({ graph, node, gradient, inputs }: SimpleCall, { kernel, steps }: Kernel): GraphTensor {
  const countsPadding = integerAttribute(node, "count_include_pad", 0) === 1;
  const perAxis = steps.map(({ stride, dilation, before, after }, axis) => {
    const size = fixedSizeAt(inputs[0]!.shape, axis + 2);
    const [least, most] = countsPadding ? [-before, size + after] : [0, size];
    const counts = Array.from({ length: fixedSizeAt(gradient.shape, axis + 2) }, (_, window) => {
      const taps = Array.from({ length: kernel[axis]! }, (_, tap) => window * stride - before + tap * dilation);
      return taps.filter((place) => place >= least && place < most).length;
    });
    const shape = gradient.shape.map((_, each) => (each === axis + 2 ? counts.length : 1));
    return reshape(graph, graph.floats(counts, floatTypeOf(gradient)), shape);
  });
  return perAxis.reduce((product, counts) => multiply(graph, product, counts));
}

function onesFor(graph: GraphScope, like: GraphTensor, shape: readonly number[]): GraphTensor {
  const one = reshape(
    graph,
    scalarLike(graph, like, 1),
    shape.map(() => 1),
  );
  return graph.node({ operator: "Expand", inputs: [one, graph.integers(shape)], shape });
}
