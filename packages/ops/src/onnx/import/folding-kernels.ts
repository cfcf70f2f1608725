import { kernels } from "../interpreter/interpret.ts";
import { integerOf, ofAll, textOf, type Kernel, type NamedKernel } from "../interpreter/kernel.ts";
import { broadcastDims, fromStart, sizeOf, tensorBy, valueAt, type Tensor } from "../interpreter/tensor.ts";
import type { OnnxNode } from "../onnx-model.ts";

/** As the interpreter has them. */
const plain = [
  ...[
    "Abs",
    "Add",
    "And",
    "Cast",
    "Ceil",
    "Clip",
    "Concat",
    "Cos",
    "Div",
    "Equal",
    "Exp",
    "Expand",
    "Flatten",
    "Floor",
  ],
  ...[
    "Gather",
    "GatherElements",
    "Greater",
    "GreaterOrEqual",
    "IsNaN",
    "Less",
    "LessOrEqual",
    "Log",
    "Max",
    "Min",
    "Mul",
  ],
  ...[
    "Neg",
    "Not",
    "Or",
    "Pad",
    "Pow",
    "Reciprocal",
    "ReduceMax",
    "ReduceMean",
    "ReduceMin",
    "ReduceProd",
    "ReduceSum",
  ],
  ...["Relu", "Reshape", "Round", "Sigmoid", "Sign", "Sin", "Slice", "Split", "Sqrt", "Squeeze", "Sub", "Tanh", "Tile"],
  ...["Transpose", "Unsqueeze", "Where"],
];

/** Forms that the interpreter, which no gradient asks for them, has not. */
const more: readonly NamedKernel[] = [
  ["Mod", ofAll(([a, b], node) => modulo(a!, b!, integerOf(node, "fmod", 0) === 1))],
  ["Xor", ofAll(([a, b]) => ofPairs(a!, b!, (left, right) => Number(left !== right)))],
  ["CumSum", ofAll(([x, axis], node) => cumulate(x!, axis!.data[0]!, node))],
  ["Trilu", ofAll(([x, shift], node) => triangle(x!, shift?.data[0] ?? 0, integerOf(node, "upper", 1) === 1))],
  ["ScatterND", scatterPlaces],
];

/** What exporters work sizes, bounds, masks and tables of positions out with. */
export const foldingKernels: ReadonlyMap<string, Kernel> = new Map([
  ...plain.map((operator) => [operator, kernels.get(operator)!] as const),
  ...more,
]);

function ofPairs(a: Tensor, b: Tensor, compute: (left: number, right: number) => number): Tensor {
  return tensorBy(broadcastDims(a.dims, b.dims), (place) => compute(valueAt(a, place), valueAt(b, place)));
}

/** With the sign of the divisor, or cut off: with that of the dividend. */
function modulo(a: Tensor, b: Tensor, isCutOff: boolean): Tensor {
  return ofPairs(a, b, (left, right) => (isCutOff ? left % right : left - right * Math.floor(left / right)));
}

function cumulate(x: Tensor, given: number, node: OnnxNode): Tensor {
  const axis = fromStart(given, x.dims.length);
  const isBackwards = integerOf(node, "reverse", 0) === 1;
  const isExclusive = integerOf(node, "exclusive", 0) === 1;
  return tensorBy(x.dims, (place) => {
    const own = place[axis]!;
    const all = Array.from({ length: x.dims[axis]! }, (_, at) => at);
    const summed = all.filter((at) => (at === own ? !isExclusive : isBackwards ? at > own : at < own));
    return summed.reduce((sum, at) => sum + valueAt(x, place.with(axis, at)), 0);
  });
}

/** The values on and above a diagonal, or on and below it; zero elsewhere. */
function triangle(x: Tensor, shift: number, isUpper: boolean): Tensor {
  return tensorBy(x.dims, (place) => {
    const above = place.at(-1)! - place.at(-2)! - shift;
    return above === 0 || above > 0 === isUpper ? valueAt(x, place) : 0;
  });
}

/** x with whole blocks of it replaced; null where they are combined with what was there. */
function scatterPlaces(...[inputs, node]: Parameters<Kernel>): readonly Tensor[] {
  const [x, indices, updates] = inputs.map((input) => input!);
  if (textOf(node, "reduction", "none") !== "none") return [];
  const depth = indices!.dims.at(-1)!;
  const block = sizeOf(x!.dims.slice(depth));
  const data = x!.data.slice();
  for (let update = 0; update < indices!.data.length / depth; update += 1) {
    const place = indices!.data.subarray(update * depth, (update + 1) * depth);
    const at = place.reduce((sum, index, axis) => sum * x!.dims[axis]! + fromStart(index, x!.dims[axis]!), 0);
    data.set(updates!.data.subarray(update * block, (update + 1) * block), at * block);
  }
  return [{ dims: x!.dims, data }];
}
