import { integerAttribute, integersAttribute, textAttribute } from "../../attributes.ts";
import type { GraphTensor } from "../../graph-builder.ts";
import { convolution, transposedConvolution, type WindowStep } from "../../operators/convolution.ts";
import { averagePool, globalAveragePool, maxPool } from "../../operators/pooling.ts";
import { largestKeepingAxes } from "../../operators/reductions.ts";
import { fixedSizeAt, formatShape, type Shape } from "../../shapes.ts";
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
  ["MaxPool", importMaxPool],
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

/** Where the largest values lie is worked out by a node of its own, so that the values have a gradient. */
function importMaxPool(call: ImportCall): readonly GraphTensor[] {
  const { graph, results, attributes } = call;
  const x = inputAt(call, 0);
  const y = maxPool(graph, x, poolOptions(call, x));
  if (results === 1) return [y];
  const both = [y.type, "int64" as const].map((type) => ({ shape: y.shape, type }));
  const [, places] = graph.nodeWithResults({ operator: "MaxPool", inputs: [x], attributes }, both);
  return [y, places!];
}

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

/** @throws Error where the image, with its padding, is smaller than a window */
function stepsOf(call: ImportCall, shape: Shape, kernel: readonly number[]): readonly WindowStep[] {
  if (shape.length !== kernel.length + 2) {
    throw new Error(`its window of ${kernel.join(" x ")} does not go over ${formatShape(shape)}`);
  }
  return plainSteps(call, kernel).map((plain, axis) => {
    const [size, reach] = [fixedSizeAt(shape, axis + 2), reachOf(plain, kernel[axis]!)];
    const step = { ...plain, ...automaticPadding(call, plain, { size, reach }) };
    if (reach <= size + step.before + step.after) return step;
    throw new Error(`its window of ${kernel.join(" x ")} is larger than ${formatShape(shape)} with its padding`);
  });
}

/** Enough that there is a window for every stride. */
function automaticPadding(
  call: ImportCall,
  { stride }: WindowStep,
  { size, reach }: { readonly size: number; readonly reach: number },
): Partial<WindowStep> {
  const mode = textAttribute(call, "auto_pad", "NOTSET");
  if (mode === "NOTSET" || mode === "") return {};
  if (mode === "VALID") return { before: 0, after: 0 };
  const total = (Math.ceil(size / stride) - 1) * stride + reach - size;
  return inHalves(Math.max(0, total), mode === "SAME_UPPER");
}

function plainSteps(call: ImportCall, kernel: readonly number[]): readonly WindowStep[] {
  const pads = integersAttribute(call, "pads");
  return kernel.map((_, axis) => {
    const stride = integersAttribute(call, "strides")?.[axis] ?? 1;
    const dilation = integersAttribute(call, "dilations")?.[axis] ?? 1;
    return { stride, dilation, before: pads?.[axis] ?? 0, after: pads?.[axis + kernel.length] ?? 0 };
  });
}

/** How many places a window reaches over. */
function reachOf({ dilation }: WindowStep, kernel: number): number {
  return (kernel - 1) * dilation + 1;
}

/** An odd place goes to the end, or to the beginning. */
function inHalves(total: number, isMoreAfter: boolean): Pick<WindowStep, "before" | "after"> {
  const [less, more] = [Math.floor(total / 2), Math.ceil(total / 2)];
  return isMoreAfter ? { before: less, after: more } : { before: more, after: less };
}

function importTransposed(call: ImportCall, x: GraphTensor): GraphTensor {
  const weight = inputAt(call, 1);
  const kernel = weight.shape.slice(2).map(Number);
  const extra = integersAttribute(call, "output_padding") ?? kernel.map(() => 0);
  const steps = plainSteps(call, kernel).map((step, axis) => {
    const size = fixedSizeAt(x.shape, axis + 2);
    const wanted = wantedSize(call, axis, size * step.stride);
    if (wanted === null) return step;
    const total = (size - 1) * step.stride + extra[axis]! + reachOf(step, kernel[axis]!) - wanted;
    if (total < 0) throw new Error(`its windows do not reach over the ${wanted} places that it asks for`);
    return { ...step, ...inHalves(total, textAttribute(call, "auto_pad", "NOTSET") === "SAME_UPPER") };
  });
  const options = { weight, bias: call.inputs[2] ?? null, steps, groups: groupsOf(call), extra };
  return transposedConvolution(call.graph, x, options);
}

/** What the result of a transposed convolution is cut to along an axis in space; null where its padding says that. */
function wantedSize(call: ImportCall, axis: number, same: number): number | null {
  const asked = integersAttribute(call, "output_shape");
  if (asked !== null) return asked[axis] ?? null;
  return textAttribute(call, "auto_pad", "NOTSET").startsWith("SAME") ? same : null;
}
