import { integerOf, ofAll, textOf, type NamedKernel } from "../kernel.ts";
import { fromStart, sizeOf, tensorBy, valueAt, type Tensor } from "../tensor.ts";

/** Blocks at places that indices name along several axes, and parts of matrices. */
export const indexingKernels: readonly NamedKernel[] = [
  ["GatherND", ofAll(([x, indices], node) => gather(x!, indices!, integerOf(node, "batch_dims", 0)))],
  [
    "ScatterND",
    ofAll(([x, indices, updates], node) => {
      const reduction = textOf(node, "reduction", "none");
      if (reduction !== "none" && reduction !== "add") throw new Error(`ScatterND by "${reduction}" is not known.`);
      return scatter(x!, indices!, { updates: updates!, adds: reduction === "add" });
    }),
  ],
  [
    "Trilu",
    ofAll(([x, shift], node) => {
      const isUpper = integerOf(node, "upper", 1) === 1;
      return tensorBy(x!.dims, (place) => {
        const above = place.at(-1)! - place.at(-2)! - (shift?.data[0] ?? 0);
        return (isUpper ? above >= 0 : above <= 0) ? valueAt(x!, place) : 0;
      });
    }),
  ],
];

function gather(x: Tensor, indices: Tensor, shared: number): Tensor {
  const [count, depth] = [indices.dims.length - 1, indices.dims.at(-1)!];
  const dims = [...indices.dims.slice(0, -1), ...x.dims.slice(shared + depth)];
  return tensorBy(dims, (place) => {
    const named = Array.from({ length: depth }, (_, at) =>
      fromStart(valueAt(indices, [...place.slice(0, count), at]), x.dims[shared + at]!),
    );
    return valueAt(x, [...place.slice(0, shared), ...named, ...place.slice(count)]);
  });
}

function scatter(
  x: Tensor,
  indices: Tensor,
  { updates, adds }: { readonly updates: Tensor; readonly adds: boolean },
): Tensor {
  const depth = indices.dims.at(-1)!;
  const size = sizeOf(x.dims.slice(depth));
  const data = x.data.slice();
  updates.data.forEach((value, at) => {
    const [block, within] = [Math.floor(at / size), at % size];
    const start = Array.from({ length: depth }).reduce<number>((sum, _, axis) => {
      return sum * x.dims[axis]! + fromStart(indices.data[block * depth + axis]!, x.dims[axis]!);
    }, 0);
    const to = start * size + within;
    data[to] = value + (adds ? data[to]! : 0);
  });
  return { dims: x.dims, data };
}
