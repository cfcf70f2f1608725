import { floatOf, integerOf, ofAll, textOf, type NamedKernel } from "../kernel.ts";
import { broadcastDims, sizeOf, tensorBy, valueAt, type Tensor } from "../tensor.ts";

export const productKernels: readonly NamedKernel[] = [
  ["MatMul", ofAll(([a, b]) => matMul(a!, b!))],
  [
    "Gemm",
    ofAll(([a, b, c], node) => {
      const left = integerOf(node, "transA", 0) === 1 ? transposed(a!) : a!;
      const right = integerOf(node, "transB", 0) === 1 ? transposed(b!) : b!;
      const product = matMul(left, right);
      const [alpha, beta] = [floatOf(node, "alpha", 1), floatOf(node, "beta", 1)];
      return tensorBy(product.dims, (place) => {
        return alpha * valueAt(product, place) + (c === undefined ? 0 : beta * valueAt(c, place));
      });
    }),
  ],
  ["Einsum", ofAll((inputs, node) => einsum(inputs, textOf(node, "equation", "")))],
];

function transposed({ dims, data }: Tensor): Tensor {
  const [rows = 1, columns = 1] = dims;
  return tensorBy([columns, rows], ([column, row]) => data[row! * columns + column!]!);
}

/** As NumPy's: a vector on either side is a row or a column whose axis disappears. */
function matMul(a: Tensor, b: Tensor): Tensor {
  const left = a.dims.length === 1 ? { ...a, dims: [1, ...a.dims] } : a;
  const right = b.dims.length === 1 ? { ...b, dims: [...b.dims, 1] } : b;
  const [rows, inner] = left.dims.slice(-2);
  const columns = right.dims.at(-1)!;
  const outer = broadcastDims(left.dims.slice(0, -2), right.dims.slice(0, -2));
  const product = tensorBy([...outer, rows!, columns], (place) => {
    const [before, row, column] = [place.slice(0, -2), place.at(-2)!, place.at(-1)!];
    let sum = 0;
    for (let at = 0; at < inner!; at += 1) {
      sum += valueAt(left, [...before, row, at]) * valueAt(right, [...before, at, column]);
    }
    return sum;
  });
  const kept = [...outer, ...(a.dims.length === 1 ? [] : [rows!]), ...(b.dims.length === 1 ? [] : [columns])];
  return { ...product, dims: kept };
}

/** Without an ellipsis. */
function einsum(inputs: readonly Tensor[], equation: string): Tensor {
  const [left = "", given] = equation.replaceAll(" ", "").split("->");
  const terms = left.split(",");
  const sizes = new Map<string, number>();
  terms.forEach((term, which) => {
    Array.from(term).forEach((letter, axis) =>
      sizes.set(letter, Math.max(sizes.get(letter) ?? 1, inputs[which]!.dims[axis]!)),
    );
  });
  const all = [...sizes.keys()];
  const once = all.filter((letter) => left.split(letter).length === 2).sort();
  const result = Array.from(given ?? once.join(""));
  const summed = all.filter((letter) => !result.includes(letter));
  const inner = summed.map((letter) => sizes.get(letter)!);
  return tensorBy(
    result.map((letter) => sizes.get(letter)!),
    (place) => {
      const at = new Map(result.map((letter, axis) => [letter, place[axis]!]));
      let sum = 0;
      for (let rest = 0; rest < sizeOf(inner); rest += 1) {
        summed.reduceRight((left, letter, which) => {
          at.set(letter, left % inner[which]!);
          return Math.floor(left / inner[which]!);
        }, rest);
        sum += terms.reduce(
          (product, term, which) =>
            product *
            valueAt(
              inputs[which]!,
              Array.from(term).map((letter) => at.get(letter)!),
            ),
          1,
        );
      }
      return sum;
    },
  );
}
