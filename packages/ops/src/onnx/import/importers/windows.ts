import { integerAttribute, integersAttribute, textAttribute } from "../../attributes.ts";
import type { GraphTensor } from "../../graph-builder.ts";
import { convolution, transposedConvolution, type WindowStep } from "../../operators/convolution.ts";
import { averagePool, globalAveragePool, maxPool } from "../../operators/pooling.ts";
import { largestKeepingAxes } from "../../operators/reductions.ts";
import { fixedSizeAt, type Shape } from "../../shapes.ts";
import { inputAt, ofOne, type ImportCall, type NamedImporter } from "../importer.ts";

/** Convolutions and pools, with paddings that ONNX leaves to be worked out written down. */
export const windowImporters: readonly NamedImporter[] = [
  [
    "Conv",
    ofOne((call, x) => {
      const weight = inputAt(call, 1);
      const steps = stepsOf(call, x.shape, weight.shape.slice(2).map(Number));
      return convolution(call.graph, x, { weight, bias: call.inputs[2] ?? null, steps, groups: groupsOf(call) });
    }),
  ],
  ["ConvTranspose", ofOne(importTransposed)],
  [
    "MaxPool",
    ofOne((call, x) => {
      if (call.results > 1) throw new Error("it gives the places of the largest values too");
      return maxPool(call.graph, x, poolOptions(call, x));
    }),
  ],
  [
    "AveragePool",
    ofOne((call, x) => {
      const countsPadding = integerAttribute(call, "count_include_pad", 0) === 1;
      return averagePool(call.graph, x, { ...poolOptions(call, x), countsPadding });
    }),
  ],
  ["GlobalAveragePool", ofOne(({ graph }, x) => globalAveragePool(graph, x))],
  ["GlobalMaxPool", ofOne(({ graph }, x) => largestKeepingAxes(graph, x, spaceOf(x)))],
];

function spaceOf({ shape }: GraphTensor): readonly number[] {
  return shape.flatMap((_, axis) => (axis < 2 ? [] : [axis]));
}

function poolOptions(call: ImportCall, x: GraphTensor) {
  const kernel = integersAttribute(call, "kernel_shape") ?? [];
  return { kernel, steps: stepsOf(call, x.shape, kernel), isCeil: integerAttribute(call, "ceil_mode", 0) === 1 };
}

function groupsOf(call: ImportCall): number {
  return integerAttribute(call, "group", 1);
}

function stepsOf(call: ImportCall, shape: Shape, kernel: readonly number[]): readonly WindowStep[] {
  const pads = integersAttribute(call, "pads");
  return kernel.map((size, axis) => {
    const stride = integersAttribute(call, "strides")?.[axis] ?? 1;
    const dilation = integersAttribute(call, "dilations")?.[axis] ?? 1;
    const step = { stride, dilation, before: pads?.[axis] ?? 0, after: pads?.[axis + kernel.length] ?? 0 };
    return { ...step, ...automaticPadding(call, step, { size: fixedSizeAt(shape, axis + 2), kernel: size }) };
  });
}

/** Enough that there is a window for every stride; an odd place goes to the end, or with SAME_LOWER to the beginning. */
function automaticPadding(
  call: ImportCall,
  { stride, dilation }: WindowStep,
  { size, kernel }: { readonly size: number; readonly kernel: number },
): Partial<WindowStep> {
  const mode = textAttribute(call, "auto_pad", "NOTSET");
  if (mode === "NOTSET" || mode === "") return {};
  if (mode === "VALID") return { before: 0, after: 0 };
  const reach = (kernel - 1) * dilation + 1;
  const total = Math.max(0, (Math.ceil(size / stride) - 1) * stride + reach - size);
  const [less, more] = [Math.floor(total / 2), Math.ceil(total / 2)];
  return mode === "SAME_LOWER" ? { before: more, after: less } : { before: less, after: more };
}

function importTransposed(call: ImportCall, x: GraphTensor): GraphTensor {
  const weight = inputAt(call, 1);
  const automatic = textAttribute(call, "auto_pad", "NOTSET");
  if (integersAttribute(call, "output_shape") !== null || !["NOTSET", ""].includes(automatic)) {
    throw new Error("it leaves its padding to be worked out from the size of its result");
  }
  const kernel = weight.shape.slice(2).map(Number);
  const extra = integersAttribute(call, "output_padding") ?? kernel.map(() => 0);
  const steps = stepsOf(call, x.shape, kernel);
  return transposedConvolution(call.graph, x, {
    weight,
    bias: call.inputs[2] ?? null,
    steps,
    groups: groupsOf(call),
    extra,
  });
}
