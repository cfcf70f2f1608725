import type { engine } from "@exp-lab/ops";

type Node = engine.PublishedNetwork["nodes"][number];

/** Operators that multiply nothing, or each number once: what they take is not counted. */
const uncounted = new Set(
  "Add Sub Mul Div Sqrt Pow Erf Gelu Sigmoid Softmax LayerNormalization ReduceMean Reshape Transpose Gather Slice Split Squeeze Unsqueeze Concat Pad Identity".split(
    " ",
  ),
);

/**
 * Multiply-adds of a network's matrix products and convolutions for one image. What does not hang on the image (positions that are
 * resized) is worked out once, when a session is opened. @throws Error for an operator that may be a product and is not known here
 */
export function countMultiplyAdds({ nodes }: engine.PublishedNetwork): number {
  const living = new Set([engineInput]);
  let count = 0;
  for (const node of nodes) {
    if (!node.inputs.some((tensor) => tensor !== null && living.has(tensor.name))) continue;
    for (const { name } of node.outputs) living.add(name);
    count += multiplyAddsOf(node);
  }
  return count;
}

const engineInput = "pixel_values";

function multiplyAddsOf({ operator, inputs, outputs, attributes }: Node): number {
  if (uncounted.has(operator)) return 0;
  const [first, second] = inputs;
  const results = sizeOf(outputs[0]!.shape);
  switch (operator) {
    case "MatMul":
      return results * Number(first!.shape.at(-1));
    case "Gemm": {
      const isTransposed = "transA" in attributes;
      return results * Number(first!.shape.at(isTransposed ? 0 : 1));
    }
    case "Conv":
      // A kernel's numbers for one result: its channels and its area.
      return results * sizeOf(second!.shape.slice(1));
    default:
      throw new Error(`How many multiply-adds the operator ${operator} takes is not known.`);
  }
}

function sizeOf(shape: Node["outputs"][number]["shape"]): number {
  return shape.reduce<number>((product, size) => product * Number(size), 1);
}
