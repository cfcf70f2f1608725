import { floatOf, integersOf, textOf, type Kernel, type NamedKernel } from "../kernel.ts";
import { fromStart, tensorBy, valueAt, type Tensor } from "../tensor.ts";
import type { OnnxNode } from "../../onnx-model.ts";

export const resizeKernels: readonly NamedKernel[] = [["Resize", resize]];

/** Where a place of the result lies on an axis of the source, and how much each place there counts. */
type Taps = readonly (readonly [index: number, weight: number])[];

/** Inputs: x, region of interest (not known), scales or sizes. Axis by axis, since the weights of the axes multiply. */
function resize(...[inputs, node]: Parameters<Kernel>): readonly Tensor[] {
  const x = inputs[0]!;
  const named = integersOf(node, "axes") ?? x.dims.map((_, axis) => axis);
  const [scales, sizes] = [inputs[2] ?? null, inputs[3] ?? null];
  let result = x;
  named.forEach((given, which) => {
    const axis = fromStart(given, x.dims.length);
    const length = x.dims[axis]!;
    const hasScales = scales !== null && scales.data.length > 0;
    const size = hasScales ? Math.floor(length * scales.data[which]!) : sizes!.data[which]!;
    const scale = hasScales ? scales.data[which]! : size / length;
    if (size === length && scale === 1) return;
    const taps = Array.from({ length: size }, (_, at) => tapsOf(at, { size, length, scale }, node));
    const before = result;
    result = tensorBy(
      before.dims.map((each, other) => (other === axis ? size : each)),
      (place) =>
        taps[place[axis]!]!.reduce(
          (sum, [index, weight]) =>
            sum +
            weight *
              valueAt(
                before,
                place.map((each, other) => (other === axis ? index : each)),
              ),
          0,
        ),
    );
  });
  return [result];
}

interface Axis {
  readonly size: number;
  readonly length: number;
  readonly scale: number;
}

function tapsOf(at: number, axis: Axis, node: OnnxNode): Taps {
  const { length } = axis;
  const source = sourceOf(at, axis, textOf(node, "coordinate_transformation_mode", "half_pixel"));
  const inside = (index: number): number => Math.min(length - 1, Math.max(0, index));
  switch (textOf(node, "mode", "nearest")) {
    case "nearest":
      return [[inside(nearest(source, textOf(node, "nearest_mode", "round_prefer_floor"))), 1]];
    case "linear": {
      const low = Math.floor(source);
      const share = source - low;
      return [
        [inside(low), 1 - share],
        [inside(low + 1), share],
      ];
    }
    default:
      return cubicTaps(source, floatOf(node, "cubic_coeff_a", -0.75)).map(([index, weight]) => [inside(index), weight]);
  }
}

function sourceOf(at: number, { size, length, scale }: Axis, mode: string): number {
  if (mode === "align_corners") return size === 1 ? 0 : (at * (length - 1)) / (size - 1);
  if (mode === "asymmetric") return at / scale;
  if (mode === "pytorch_half_pixel" && size === 1) return 0;
  return (at + 0.5) / scale - 0.5;
}

function nearest(source: number, mode: string): number {
  if (mode === "floor") return Math.floor(source);
  if (mode === "ceil") return Math.ceil(source);
  if (mode === "round_prefer_ceil") return Math.floor(source + 0.5);
  return Math.ceil(source - 0.5);
}

/** Keys, Cubic convolution interpolation (1981). */
function cubicTaps(source: number, a: number): Taps {
  const low = Math.floor(source);
  return [-1, 0, 1, 2].map((offset) => {
    const distance = Math.abs(source - low - offset);
    const weight =
      distance <= 1
        ? (a + 2) * distance ** 3 - (a + 3) * distance ** 2 + 1
        : a * distance ** 3 - 5 * a * distance ** 2 + 8 * a * distance - 4 * a;
    return [low + offset, weight];
  });
}
