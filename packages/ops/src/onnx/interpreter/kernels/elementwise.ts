import { floatOf, integerOf, ofAll, textOf, type Kernel, type NamedKernel } from "../kernel.ts";
import { broadcastDims, fromStart, tensorBy, valueAt, type Tensor } from "../tensor.ts";

/** Value by value, after broadcasting. */
export const elementwiseKernels: readonly NamedKernel[] = [
  ["Abs", unary(Math.abs)],
  ["Add", binary((a, b) => a + b)],
  ["And", binary((a, b) => a * b)],
  ["Cast", unary((x) => x)],
  ["Ceil", unary(Math.ceil)],
  ["Clip", (inputs) => [clip(inputs)]],
  ["Cos", unary(Math.cos)],
  ["Div", binary((a, b) => a / b)],
  ["Equal", binary((a, b) => Number(a === b))],
  ["Erf", unary(erf)],
  ["Exp", unary(Math.exp)],
  ["Floor", unary(Math.floor)],
  ["Gelu", ofAll(([x], node) => map(x!, textOf(node, "approximate", "none") === "tanh" ? geluByTanh : gelu))],
  ["Greater", binary((a, b) => Number(a > b))],
  ["GreaterOrEqual", binary((a, b) => Number(a >= b))],
  [
    "HardSigmoid",
    ofAll(([x], node) => {
      const [alpha, beta] = [floatOf(node, "alpha", 0.2), floatOf(node, "beta", 0.5)];
      return map(x!, (value) => Math.max(0, Math.min(1, alpha * value + beta)));
    }),
  ],
  ["HardSwish", unary((x) => x * Math.max(0, Math.min(1, x / 6 + 0.5)))],
  ["Identity", unary((x) => x)],
  ["LeakyRelu", ofAll(([x], node) => map(x!, (value) => (value < 0 ? floatOf(node, "alpha", 0.01) * value : value)))],
  ["Less", binary((a, b) => Number(a < b))],
  ["LessOrEqual", binary((a, b) => Number(a <= b))],
  ["Log", unary(Math.log)],
  ["Max", binary(Math.max)],
  ["Min", binary(Math.min)],
  ["Mul", binary((a, b) => a * b)],
  ["Neg", unary((x) => -x)],
  ["Not", unary((x) => 1 - x)],
  ["Or", binary(Math.max)],
  ["Pow", binary((a, b) => a ** b)],
  ["Reciprocal", unary((x) => 1 / x)],
  ["Relu", unary((x) => Math.max(0, x))],
  ["Sigmoid", unary((x) => 1 / (1 + Math.exp(-x)))],
  ["Sign", unary(Math.sign)],
  ["Sin", unary(Math.sin)],
  ["Softplus", unary((x) => Math.log1p(Math.exp(-Math.abs(x))) + Math.max(x, 0))],
  ["Sqrt", unary(Math.sqrt)],
  ["Sub", binary((a, b) => a - b)],
  ["Tanh", unary(Math.tanh)],
  [
    "Where",
    ofAll(([condition, then, otherwise]) => {
      const dims = broadcastDims(condition!.dims, then!.dims, otherwise!.dims);
      return tensorBy(dims, (place) => valueAt(valueAt(condition!, place) === 1 ? then! : otherwise!, place));
    }),
  ],
  ["Mod", binary((a, b) => a - b * Math.floor(a / b))],
  ["Round", unary((x) => (Math.abs(x % 1) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x)))],
  [
    "Elu",
    ofAll(([x], node) => map(x!, (value) => (value < 0 ? floatOf(node, "alpha", 1) * Math.expm1(value) : value))),
  ],
  ["IsNaN", unary((x) => Number(Number.isNaN(x)))],
  [
    "CumSum",
    ofAll(([x, axis], node) => {
      const [isExclusive, isBackwards] = ["exclusive", "reverse"].map((name) => integerOf(node, name, 0) === 1);
      const isSummed = (at: number, own: number): boolean =>
        at === own ? !isExclusive! : isBackwards! ? at > own : at < own;
      return cumulate(x!, fromStart(axis!.data[0]!, x!.dims.length), isSummed);
    }),
  ],
];

function unary(compute: (value: number) => number): Kernel {
  return ofAll(([x]) => map(x!, compute));
}

function map({ dims, data }: Tensor, compute: (value: number) => number): Tensor {
  return { dims, data: data.map((value) => compute(value)) };
}

/** Of two tensors or, one after the other, more. */
function binary(compute: (a: number, b: number) => number): Kernel {
  return ofAll((inputs) =>
    inputs.reduce((a, b) =>
      tensorBy(broadcastDims(a.dims, b.dims), (place) => compute(valueAt(a, place), valueAt(b, place))),
    ),
  );
}

function clip([x, least, most]: readonly (Tensor | null)[]): Tensor {
  const [low, high] = [least?.data[0] ?? -Infinity, most?.data[0] ?? Infinity];
  return map(x!, (value) => Math.min(high, Math.max(low, value)));
}

function cumulate(x: Tensor, axis: number, isSummed: (at: number, own: number) => boolean): Tensor {
  return tensorBy(x.dims, (place) => {
    let sum = 0;
    for (let at = 0; at < x.dims[axis]!; at += 1) {
      if (isSummed(at, place[axis]!)) sum += valueAt(x, place.with(axis, at));
    }
    return sum;
  });
}

function gelu(x: number): number {
  return 0.5 * x * (1 + erf(x * Math.SQRT1_2));
}

function geluByTanh(x: number): number {
  return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
}

/**
 * To float64 precision: the Taylor series near 0, a continued fraction (by Lentz's method) far from it.
 * Source: Abramowitz and Stegun, Handbook of Mathematical Functions (1964), 7.1.6 and 7.1.14.
 */
export function erf(x: number): number {
  const z = Math.abs(x);
  const scale = (2 / Math.sqrt(Math.PI)) * Math.exp(-z * z);
  if (z < 3) {
    let [term, sum] = [z, z];
    for (let n = 1; Math.abs(term) > 1e-18 * sum; n += 1) {
      term *= (2 * z * z) / (2 * n + 1);
      sum += term;
    }
    return Math.sign(x) * scale * sum;
  }
  let tail = z;
  for (let n = 60; n > 0; n -= 1) tail = z + n / 2 / tail;
  return Math.sign(x) * (1 - scale / 2 / tail);
}
