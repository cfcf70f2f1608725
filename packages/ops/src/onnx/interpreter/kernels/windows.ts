import type { OnnxNode } from "../../onnx-model.ts";
import { integerOf, integersOf, ofAll, textOf, type Kernel, type NamedKernel } from "../kernel.ts";
import { sizeOf, tensorBy, valueAt, type Tensor } from "../tensor.ts";

/** Operators that go over an image by windows: [B, C, ...] with any number of axes in space. */
export const windowKernels: readonly NamedKernel[] = [
  ["Conv", ofAll(([x, weight, bias], node) => convolve(x!, { weight: weight!, bias: bias ?? null, node }))],
  [
    "ConvTranspose",
    ofAll(([x, weight, bias], node) => convolveBack(x!, { weight: weight!, bias: bias ?? null, node })),
  ],
  ["MaxPool", maxPool],
  ["AveragePool", averagePool],
  ["GlobalAveragePool", ofAll(([x]) => average(x!))],
  ["GlobalMaxPool", ofAll(([x]) => overSpace(x!, (values) => Math.max(...values)))],
];

/** Along one axis in space. */
interface Window {
  readonly size: number;
  readonly stride: number;
  readonly dilation: number;
  readonly before: number;
  readonly after: number;
}

interface Convolution {
  readonly weight: Tensor;
  readonly bias: Tensor | null;
  readonly node: OnnxNode;
}

function convolve(x: Tensor, { weight, bias, node }: Convolution): Tensor {
  const windows = windowsOf(node, weight.dims.slice(2), x.dims.slice(2));
  const groups = integerOf(node, "group", 1);
  const [outputs = 1, perGroup = 1] = weight.dims;
  const space = windows.map((window, axis) => lengthOf(window, x.dims[axis + 2]!, false));
  return tensorBy([x.dims[0]!, outputs, ...space], ([image = 0, output = 0, ...at]) => {
    const first = Math.floor(output / (outputs / groups)) * perGroup;
    let sum = bias?.data[output] ?? 0;
    forEachTap({ windows, at, dims: x.dims.slice(2) }, (from, tap) => {
      for (let channel = 0; channel < perGroup; channel += 1) {
        sum += valueAt(x, [image, first + channel, ...from]) * valueAt(weight, [output, channel, ...tap]);
      }
    });
    return sum;
  });
}

/** Each value of x spreads over a window of the result. The weight is [in, out / groups, ...]. */
function convolveBack(x: Tensor, { weight, bias, node }: Convolution): Tensor {
  const windows = windowsOf(node, weight.dims.slice(2), x.dims.slice(2));
  const groups = integerOf(node, "group", 1);
  const extra = integersOf(node, "output_padding") ?? windows.map(() => 0);
  const [inputs = 1, perGroup = 1] = weight.dims;
  const space = windows.map(({ stride, size, dilation, before, after }, axis) => {
    return (x.dims[axis + 2]! - 1) * stride + (size - 1) * dilation + 1 + extra[axis]! - before - after;
  });
  const outputs = perGroup * groups;
  return tensorBy([x.dims[0]!, outputs, ...space], ([image = 0, output = 0, ...at]) => {
    const group = Math.floor(output / perGroup);
    let sum = bias?.data[output] ?? 0;
    const taps = windows.map(({ size }) => size);
    for (let tap = 0; tap < sizeOf(taps); tap += 1) {
      const place = unravel(tap, taps);
      const from = windows.map(
        ({ stride, dilation, before }, axis) => (at[axis]! + before - place[axis]! * dilation) / stride,
      );
      if (!from.every((index, axis) => Number.isInteger(index) && index >= 0 && index < x.dims[axis + 2]!)) continue;
      for (let channel = 0; channel < inputs / groups; channel += 1) {
        const input = group * (inputs / groups) + channel;
        sum += valueAt(x, [image, input, ...from]) * valueAt(weight, [input, output % perGroup, ...place]);
      }
    }
    return sum;
  });
}

/** The largest of each window, and where it lies in the whole tensor, row-major: the first of equal ones. */
function maxPool(...[inputs, node]: Parameters<Kernel>): readonly Tensor[] {
  const x = inputs[0]!;
  const places = { dims: x.dims, data: x.data.map((_, at) => at) };
  const best = pool(places, node, (all) => all.reduce((best, at) => (x.data[at]! > x.data[best]! ? at : best)));
  return [{ ...best, data: best.data.map((at) => x.data[at]!) }, best];
}

function averagePool(...[inputs, node]: Parameters<Kernel>): readonly Tensor[] {
  const countsPadding = integerOf(node, "count_include_pad", 0) === 1;
  const mean = (values: readonly number[], inPadded: number): number =>
    values.reduce((sum, value) => sum + value, 0) / (countsPadding ? inPadded : values.length);
  return [pool(inputs[0]!, node, mean)];
}

/** @param compute of the values inside the image, and how many places of the window lie in the image or its padding */
function pool(x: Tensor, node: OnnxNode, compute: (values: readonly number[], inPadded: number) => number): Tensor {
  const dims = x.dims.slice(2);
  const windows = windowsOf(node, integersOf(node, "kernel_shape") ?? [], dims);
  const isCeil = integerOf(node, "ceil_mode", 0) === 1;
  const space = windows.map((window, axis) => lengthOf(window, dims[axis]!, isCeil));
  return tensorBy([...x.dims.slice(0, 2), ...space], ([image = 0, channel = 0, ...at]) => {
    const values: number[] = [];
    forEachTap({ windows, at, dims }, (from) => values.push(valueAt(x, [image, channel, ...from])));
    const padded = windows.map(({ size, stride, dilation, before, after }, axis) => {
      const start = at[axis]! * stride - before;
      return Array.from({ length: size }, (_, tap) => start + tap * dilation).filter(
        (index) => index < dims[axis]! + after,
      ).length;
    });
    return compute(values, sizeOf(padded));
  });
}

function average(x: Tensor): Tensor {
  return overSpace(x, (values) => values.reduce((sum, value) => sum + value, 0) / values.length);
}

function overSpace(x: Tensor, compute: (values: readonly number[]) => number): Tensor {
  const inner = sizeOf(x.dims.slice(2));
  const dims = x.dims.map((size, axis) => (axis < 2 ? size : 1));
  return {
    dims,
    data: Float64Array.from({ length: sizeOf(dims) }, (_, at) =>
      compute([...x.data.slice(at * inner, (at + 1) * inner)]),
    ),
  };
}

function windowsOf(node: OnnxNode, sizes: readonly number[], dims: readonly number[]): readonly Window[] {
  const ones = sizes.map(() => 1);
  const [strides, dilations] = [integersOf(node, "strides") ?? ones, integersOf(node, "dilations") ?? ones];
  const pads = integersOf(node, "pads") ?? [...ones, ...ones].map(() => 0);
  const automatic = textOf(node, "auto_pad", "NOTSET");
  return sizes.map((size, axis) => {
    const [stride, dilation] = [strides[axis]!, dilations[axis]!];
    if (!automatic.startsWith("SAME")) {
      return { size, stride, dilation, before: pads[axis]!, after: pads[axis + sizes.length]! };
    }
    const total = Math.max(0, (Math.ceil(dims[axis]! / stride) - 1) * stride + (size - 1) * dilation + 1 - dims[axis]!);
    const less = Math.floor(total / 2);
    const before = automatic === "SAME_LOWER" ? total - less : less;
    return { size, stride, dilation, before, after: total - before };
  });
}

function lengthOf({ size, stride, dilation, before, after }: Window, length: number, isCeil: boolean): number {
  const steps = (length + before + after - (size - 1) * dilation - 1) / stride;
  const count = (isCeil ? Math.ceil(steps) : Math.floor(steps)) + 1;
  // A window that would begin in the padding behind the image is left out.
  return isCeil && (count - 1) * stride >= length + before ? count - 1 : count;
}

interface Tapping {
  readonly windows: readonly Window[];
  readonly at: readonly number[];
  readonly dims: readonly number[];
}

/** The places of one window that lie inside the image. */
function forEachTap(
  { windows, at, dims }: Tapping,
  visit: (from: readonly number[], tap: readonly number[]) => void,
): void {
  const taps = windows.map(({ size }) => size);
  for (let tap = 0; tap < sizeOf(taps); tap += 1) {
    const place = unravel(tap, taps);
    const from = windows.map(
      ({ stride, dilation, before }, axis) => at[axis]! * stride - before + place[axis]! * dilation,
    );
    if (from.every((index, axis) => index >= 0 && index < dims[axis]!)) visit(from, place);
  }
}

function unravel(at: number, dims: readonly number[]): readonly number[] {
  const place = dims.map(() => 0);
  dims.reduceRight((left, size, axis) => {
    place[axis] = left % size;
    return Math.floor(left / size);
  }, at);
  return place;
}
