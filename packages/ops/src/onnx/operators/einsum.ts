import { floatTypeOf, type GraphScope, type GraphTensor } from "../graph-builder.ts";
import { sameDimension, type Dimension } from "../shapes.ts";
import { reshape } from "./layout.ts";

/**
 * Einstein's sum, e.g. `bhid,bhjd->bhij`: letters that the result has not are summed over. Without an ellipsis. A letter twice in
 * one term (`ii`, a diagonal) and a size of 1 that is stretched become plain sums, such as there is a gradient of.
 */
export function einsum(graph: GraphScope, equation: string, inputs: readonly GraphTensor[]): GraphTensor {
  const [left = "", result = ""] = equation.split("->");
  const operands = left.split(",").map((letters, which) => ({ letters, tensor: inputs[which]! }));
  const sizes = sizesOf(operands);
  const plain = withoutDiagonals(
    graph,
    operands.map((operand) => withoutStretched(graph, operand, sizes)),
  );
  return graph.node({
    operator: "Einsum",
    inputs: plain.map(({ tensor }) => tensor),
    attributes: { equation: { string: `${plain.map(({ letters }) => letters).join(",")}->${result}` } },
    shape: Array.from(result, (letter) => sizes.get(letter)!),
  });
}

/** One term of the equation, and the tensor that it is for. */
interface Operand {
  readonly letters: string;
  readonly tensor: GraphTensor;
}

/** @throws Error where a letter stands for two sizes of which neither is 1 */
function sizesOf(operands: readonly Operand[]): ReadonlyMap<string, Dimension> {
  const sizes = new Map<string, Dimension>();
  for (const { letters, tensor } of operands) {
    Array.from(letters).forEach((letter, axis) => {
      const [known = 1, size = 1] = [sizes.get(letter), tensor.shape[axis]];
      if (known !== 1 && size !== 1 && !sameDimension(known, size)) {
        throw new Error(`The letter ${letter} of a sum stands for two sizes.`);
      }
      sizes.set(letter, known === 1 ? size : known);
    });
  }
  return sizes;
}

/** Without the axes of size 1 that are as good as larger ones of other terms. */
function withoutStretched(
  graph: GraphScope,
  { letters, tensor }: Operand,
  sizes: ReadonlyMap<string, Dimension>,
): Operand {
  const isKept = tensor.shape.map((size, axis) => size !== 1 || sizes.get(letters[axis]!) === 1);
  if (isKept.every(Boolean)) return { letters, tensor };
  return {
    letters: Array.from(letters)
      .filter((_, axis) => isKept[axis])
      .join(""),
    tensor: reshape(
      graph,
      tensor,
      tensor.shape.filter((_, axis) => isKept[axis]),
    ),
  };
}

/** `ii` is `ij,ij` with the unit matrix. */
function withoutDiagonals(graph: GraphScope, operands: readonly Operand[]): readonly Operand[] {
  const used = new Set(operands.flatMap(({ letters }) => Array.from(letters)));
  const free = Array.from("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ").filter((letter) => !used.has(letter));
  return operands.flatMap(({ letters, tensor }) => {
    const units: Operand[] = [];
    const apart = Array.from(letters).map((letter, axis, all) => {
      if (all.indexOf(letter) === axis) return letter;
      const other = free.shift()!;
      units.push({ letters: `${letter}${other}`, tensor: unitMatrix(graph, tensor, Number(tensor.shape[axis])) });
      return other;
    });
    return [{ letters: apart.join(""), tensor }, ...units];
  });
}

function unitMatrix(graph: GraphScope, like: GraphTensor, size: number): GraphTensor {
  const values = Array.from({ length: size ** 2 }, (_, at) => (at % (size + 1) === 0 ? 1 : 0));
  return graph.constant(values, { type: floatTypeOf(like), shape: [size, size] });
}
