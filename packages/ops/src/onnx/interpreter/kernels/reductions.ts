import { integerOf, integersOf, ofAll, type Kernel, type NamedKernel } from "../kernel.ts";
import { fromStart, sizeOf, tensorBy, valueAt, type Tensor } from "../tensor.ts";
import type { OnnxNode } from "../../onnx-model.ts";

export const reductionKernels: readonly NamedKernel[] = [
  ["ReduceSum", reduction((values) => values.reduce((sum, value) => sum + value, 0))],
  ["ReduceMean", reduction((values) => values.reduce((sum, value) => sum + value, 0) / values.length)],
  ["ReduceMax", reduction((values) => Math.max(...values))],
  ["ReduceMin", reduction((values) => Math.min(...values))],
  ["ReduceProd", reduction((values) => values.reduce((product, value) => product * value, 1))],
  ["ReduceSumSquare", reduction((values) => values.reduce((sum, value) => sum + value * value, 0))],
  ["ReduceL2", reduction((values) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0)))],
  ["Softmax", ofAll(([x], node) => alongAxis(x!, node, softmax))],
  ["LogSoftmax", ofAll(([x], node) => alongAxis(x!, node, (values) => softmax(values).map(Math.log)))],
  [
    "ArgMax",
    ofAll(([x], node) => {
      const axis = fromStart(integerOf(node, "axis", 0), x!.dims.length);
      return reduce(x!, [axis], integerOf(node, "keepdims", 1) === 1, (values) => values.indexOf(Math.max(...values)));
    }),
  ],
];

/** The axes are an input, or in older operator sets an attribute. */
function reduction(compute: (values: readonly number[]) => number): Kernel {
  return (inputs, node) => {
    const x = inputs[0]!;
    const named = [...(inputs[1]?.data ?? integersOf(node, "axes") ?? [])];
    const isNothing = named.length === 0 && integerOf(node, "noop_with_empty_axes", 0) === 1;
    const axes = named.length === 0 && !isNothing ? x.dims.map((_, axis) => axis) : named;
    return [
      reduce(
        x,
        axes.map((axis) => fromStart(axis, x.dims.length)),
        integerOf(node, "keepdims", 1) === 1,
        compute,
      ),
    ];
  };
}

function reduce(x: Tensor, axes: readonly number[], keeps: boolean, compute: (values: number[]) => number): Tensor {
  const kept = x.dims.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const inner = axes.map((axis) => x.dims[axis]!);
  const { data } = tensorBy(kept, (place) => {
    const values: number[] = [];
    for (let at = 0; at < sizeOf(inner); at += 1) {
      const full = [...place];
      let rest = at;
      for (let which = axes.length - 1; which >= 0; which -= 1) {
        full[axes[which]!] = rest % inner[which]!;
        rest = Math.floor(rest / inner[which]!);
      }
      values.push(valueAt(x, full));
    }
    return compute(values);
  });
  return { dims: keeps ? kept : x.dims.filter((_, axis) => !axes.includes(axis)), data };
}

function alongAxis(x: Tensor, node: OnnxNode, compute: (values: readonly number[]) => readonly number[]): Tensor {
  const axis = fromStart(integerOf(node, "axis", -1), x.dims.length);
  return tensorBy(x.dims, (place) => {
    const values = Array.from({ length: x.dims[axis]! }, (_, at) =>
      valueAt(
        x,
        place.map((index, each) => (each === axis ? at : index)),
      ),
    );
    return compute(values)[place[axis]!]!;
  });
}

function softmax(values: readonly number[]): readonly number[] {
  const most = Math.max(...values);
  const powers = values.map((value) => Math.exp(value - most));
  const sum = powers.reduce((total, value) => total + value, 0);
  return powers.map((value) => value / sum);
}
