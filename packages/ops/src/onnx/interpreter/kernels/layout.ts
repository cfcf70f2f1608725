import { attributeOf, integerOf, integersOf, ofAll, textOf, type Kernel, type NamedKernel } from "../kernel.ts";
import { constantOf } from "../constant.ts";
import { broadcastDims, fromStart, sizeOf, tensorBy, tensorOf, valueAt, type Tensor } from "../tensor.ts";
import type { OnnxNode } from "../../onnx-model.ts";

export const layoutKernels: readonly NamedKernel[] = [
  [
    "Concat",
    ofAll((inputs, node) => concatenate(inputs, fromStart(integerOf(node, "axis", 0), inputs[0]!.dims.length))),
  ],
  ["Constant", (_, node) => [constantOf(attributeOf(node, "value")!.t!)]],
  [
    "ConstantOfShape",
    ofAll(([shape], node) => {
      const value = attributeOf(node, "value")?.t;
      return tensorBy([...shape!.data], () => (value == null ? 0 : constantOf(value).data[0]!));
    }),
  ],
  ["Expand", ofAll(([x, shape]) => tensorBy(broadcastDims(x!.dims, [...shape!.data]), (place) => valueAt(x!, place)))],
  [
    "Flatten",
    ofAll(([x], node) => {
      const axis = fromStart(integerOf(node, "axis", 1), x!.dims.length);
      return { ...x!, dims: [sizeOf(x!.dims.slice(0, axis)), sizeOf(x!.dims.slice(axis))] };
    }),
  ],
  ["Gather", ofAll(([x, indices], node) => gather(x!, indices!, integerOf(node, "axis", 0)))],
  [
    "GatherElements",
    ofAll(([x, indices], node) => {
      const axis = fromStart(integerOf(node, "axis", 0), x!.dims.length);
      return tensorBy(indices!.dims, (place) => {
        const index = fromStart(valueAt(indices!, place), x!.dims[axis]!);
        return valueAt(
          x!,
          place.map((each, at) => (at === axis ? index : each)),
        );
      });
    }),
  ],
  [
    "OneHot",
    ofAll(([indices, depth, values], node) =>
      oneHot({ indices: indices!, depth: depth!.data[0]!, values: values! }, node),
    ),
  ],
  ["Pad", (inputs, node) => [pad(inputs, textOf(node, "mode", "constant"))]],
  [
    "Range",
    ofAll(([start, limit, step]) => {
      const [first, end, by] = [start!.data[0]!, limit!.data[0]!, step!.data[0]!];
      const count = Math.max(0, Math.ceil((end - first) / by));
      return tensorOf(
        [count],
        Array.from({ length: count }, (_, at) => first + at * by),
      );
    }),
  ],
  ["Reshape", ofAll(([x, shape], node) => reshape(x!, [...shape!.data], integerOf(node, "allowzero", 0) === 1))],
  [
    "ScatterElements",
    ofAll(([x, indices, updates], node) => scatter({ x: x!, indices: indices!, updates: updates! }, node)),
  ],
  ["Shape", ofAll(([x], node) => shapeOf(x!, node))],
  ["Size", ofAll(([x]) => tensorOf([], [x!.data.length]))],
  ["Slice", (inputs) => [slice(inputs)]],
  ["Split", split],
  [
    "Squeeze",
    (inputs, node) => {
      const x = inputs[0]!;
      const named = inputs[1]?.data ?? integersOf(node, "axes");
      const axes = named === null ? null : [...named].map((axis) => fromStart(axis, x.dims.length));
      return [{ ...x, dims: x.dims.filter((size, axis) => (axes === null ? size !== 1 : !axes.includes(axis))) }];
    },
  ],
  [
    "Tile",
    ofAll(([x, repeats]) =>
      tensorBy(
        x!.dims.map((size, axis) => size * repeats!.data[axis]!),
        (place) =>
          valueAt(
            x!,
            place.map((index, axis) => index % x!.dims[axis]!),
          ),
      ),
    ),
  ],
  [
    "Transpose",
    ofAll(([x], node) => {
      const order = integersOf(node, "perm") ?? x!.dims.map((_, axis) => x!.dims.length - 1 - axis);
      const inverse = order.map((_, axis) => order.indexOf(axis));
      return tensorBy(
        order.map((axis) => x!.dims[axis]!),
        (place) =>
          valueAt(
            x!,
            inverse.map((at) => place[at]!),
          ),
      );
    }),
  ],
  [
    "Unsqueeze",
    (inputs, node) => {
      const x = inputs[0]!;
      const named = [...(inputs[1]?.data ?? integersOf(node, "axes") ?? [])];
      const rank = x.dims.length + named.length;
      const axes = new Set(named.map((axis) => fromStart(axis, rank)));
      const sizes = [...x.dims];
      return [{ ...x, dims: Array.from({ length: rank }, (_, axis) => (axes.has(axis) ? 1 : sizes.shift()!)) }];
    },
  ],
];

function concatenate(inputs: readonly Tensor[], axis: number): Tensor {
  const length = inputs.reduce((sum, { dims }) => sum + dims[axis]!, 0);
  return tensorBy(
    inputs[0]!.dims.map((size, each) => (each === axis ? length : size)),
    (place) => {
      let at = place[axis]!;
      const from = inputs.find(({ dims }) => {
        if (at < dims[axis]!) return true;
        at -= dims[axis]!;
        return false;
      });
      return valueAt(
        from!,
        place.map((index, each) => (each === axis ? at : index)),
      );
    },
  );
}

function gather(x: Tensor, indices: Tensor, given: number): Tensor {
  const axis = fromStart(given, x.dims.length);
  const rank = indices.dims.length;
  const dims = [...x.dims.slice(0, axis), ...indices.dims, ...x.dims.slice(axis + 1)];
  return tensorBy(dims, (place) => {
    const index = fromStart(valueAt(indices, place.slice(axis, axis + rank)), x.dims[axis]!);
    return valueAt(x, [...place.slice(0, axis), index, ...place.slice(axis + rank)]);
  });
}

interface OneHotInputs {
  readonly indices: Tensor;
  readonly depth: number;
  readonly values: Tensor;
}

function oneHot({ indices, depth, values }: OneHotInputs, node: OnnxNode): Tensor {
  const axis = fromStart(integerOf(node, "axis", -1), indices.dims.length + 1);
  return tensorBy([...indices.dims.slice(0, axis), depth, ...indices.dims.slice(axis)], (place) => {
    const index = valueAt(
      indices,
      place.filter((_, each) => each !== axis),
    );
    return values.data[fromStart(index, depth) === place[axis] ? 1 : 0]!;
  });
}

function pad(inputs: readonly (Tensor | null)[], mode: string): Tensor {
  const [x, pads, value, named] = [inputs[0]!, inputs[1]!, inputs[2] ?? null, inputs[3] ?? null];
  const axes = (named === null ? x.dims.map((_, axis) => axis) : [...named.data]).map((axis) =>
    fromStart(axis, x.dims.length),
  );
  const amount = (axis: number, isEnd: boolean): number => {
    const which = axes.indexOf(axis);
    return which < 0 ? 0 : pads.data[which + (isEnd ? axes.length : 0)]!;
  };
  const dims = x.dims.map((size, axis) => size + amount(axis, false) + amount(axis, true));
  return tensorBy(dims, (place) => {
    const from = place.map((index, axis) => index - amount(axis, false));
    const isInside = from.every((index, axis) => index >= 0 && index < x.dims[axis]!);
    if (isInside) return valueAt(x, from);
    if (mode === "constant") return value?.data[0] ?? 0;
    return valueAt(
      x,
      from.map((index, axis) => reflect(index, x.dims[axis]!, mode)),
    );
  });
}

function reflect(index: number, size: number, mode: string): number {
  if (mode === "edge") return Math.min(size - 1, Math.max(0, index));
  if (mode === "wrap") return ((index % size) + size) % size;
  const period = 2 * (size - 1);
  const folded = ((index % period) + period) % period;
  return folded < size ? folded : period - folded;
}

function reshape(x: Tensor, shape: readonly number[], allowsZero: boolean): Tensor {
  const sizes = shape.map((size, axis) => (size === 0 && !allowsZero ? x.dims[axis]! : size));
  const known = sizes.filter((size) => size !== -1).reduce((product, size) => product * size, 1);
  return tensorOf(
    sizes.map((size) => (size === -1 ? x.data.length / known : size)),
    x.data,
  );
}

interface Scattered {
  readonly x: Tensor;
  readonly indices: Tensor;
  readonly updates: Tensor;
}

function scatter({ x, indices, updates }: Scattered, node: OnnxNode): Tensor {
  const axis = fromStart(integerOf(node, "axis", 0), x.dims.length);
  const adds = textOf(node, "reduction", "none") === "add";
  const data = x.data.slice();
  tensorBy(indices.dims, (place) => {
    const index = fromStart(valueAt(indices, place), x.dims[axis]!);
    const at = place.reduce((sum, each, which) => sum * x.dims[which]! + (which === axis ? index : each), 0);
    data[at] = (adds ? data[at]! : 0) + valueAt(updates, place);
    return 0;
  });
  return { dims: x.dims, data };
}

function shapeOf({ dims }: Tensor, node: OnnxNode): Tensor {
  const sizes = dims.slice(
    fromStart(integerOf(node, "start", 0), dims.length),
    fromStart(integerOf(node, "end", dims.length), dims.length),
  );
  return tensorOf([sizes.length], sizes);
}

/** Data, starts, ends, axes, steps. */
function slice(inputs: readonly (Tensor | null)[]): Tensor {
  const [x, starts, ends] = [inputs[0]!, inputs[1]!, inputs[2]!];
  const axes = [...(inputs[3]?.data ?? starts.data.map((_, axis) => axis))].map((axis) =>
    fromStart(axis, x.dims.length),
  );
  const cuts = x.dims.map((size, axis) => {
    const which = axes.indexOf(axis);
    if (which < 0) return { start: 0, step: 1, count: size };
    const step = inputs[4]?.data[which] ?? 1;
    const bound = (value: number): number =>
      Math.min(step < 0 ? size - 1 : size, Math.max(step < 0 ? -1 : 0, value < 0 ? value + size : value));
    const start = bound(starts.data[which]!);
    return { start, step, count: Math.max(0, Math.ceil((bound(ends.data[which]!) - start) / step)) };
  });
  return tensorBy(
    cuts.map(({ count }) => count),
    (place) =>
      valueAt(
        x,
        place.map((index, axis) => cuts[axis]!.start + index * cuts[axis]!.step),
      ),
  );
}

function split(...[inputs, node]: Parameters<Kernel>): readonly Tensor[] {
  const x = inputs[0]!;
  const axis = fromStart(integerOf(node, "axis", 0), x.dims.length);
  const parts = node.output?.length ?? 1;
  const even = Math.ceil(x.dims[axis]! / parts);
  const sizes = [...(inputs[1]?.data ?? integersOf(node, "split") ?? [])];
  const lengths =
    sizes.length > 0 ? sizes : Array.from({ length: parts }, (_, part) => Math.min(even, x.dims[axis]! - part * even));
  return lengths.map((length, part) => {
    const start = lengths.slice(0, part).reduce((sum, each) => sum + each, 0);
    return tensorBy(
      x.dims.map((size, each) => (each === axis ? length : size)),
      (place) =>
        valueAt(
          x,
          place.map((index, each) => (each === axis ? index + start : index)),
        ),
    );
  });
}
