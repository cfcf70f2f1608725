import type { AttributeValue, GraphScope, GraphTensor } from "../graph-builder.ts";
import { fixedSizeAt } from "../shapes.ts";
import type { WindowStep } from "./convolution.ts";

export interface PoolOptions {
  /** Sizes of the window along the axes in space. */
  readonly kernel: readonly number[];
  readonly steps: readonly WindowStep[];
  /** Whether a window that goes beyond the end still counts. */
  readonly isCeil?: boolean;
}

/** The largest of each window, [B, C, space...] -> [B, C, space'...] */
export function maxPool(graph: GraphScope, x: GraphTensor, options: PoolOptions): GraphTensor {
  return pool(graph, "MaxPool", { x, options, attributes: {} });
}

/** The mean of each window, of the places in the image or, with `countsPadding`, in its padding too. */
export function averagePool(
  graph: GraphScope,
  x: GraphTensor,
  options: PoolOptions & { readonly countsPadding?: boolean },
): GraphTensor {
  const attributes = options.countsPadding === true ? { count_include_pad: { int: 1 } } : {};
  return pool(graph, "AveragePool", { x, options, attributes });
}

/** The mean over all of space, of which sizes of 1 remain. */
export function globalAveragePool(graph: GraphScope, x: GraphTensor): GraphTensor {
  const shape = x.shape.map((size, axis) => (axis < 2 ? size : 1));
  return graph.node({ operator: "GlobalAveragePool", inputs: [x], shape });
}

interface Pool {
  readonly x: GraphTensor;
  readonly options: PoolOptions;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

function pool(graph: GraphScope, operator: string, { x, options, attributes }: Pool): GraphTensor {
  const { kernel, steps, isCeil = false } = options;
  const space = steps.map(({ stride, dilation, before, after }, axis) => {
    const size = fixedSizeAt(x.shape, axis + 2);
    const exact = (size + before + after - (kernel[axis]! - 1) * dilation - 1) / stride;
    const count = (isCeil ? Math.ceil(exact) : Math.floor(exact)) + 1;
    // A window that would begin in the padding behind the image is left out.
    return isCeil && (count - 1) * stride >= size + before ? count - 1 : count;
  });
  return graph.node({
    operator,
    inputs: [x],
    attributes: {
      kernel_shape: { ints: kernel },
      strides: { ints: steps.map(({ stride }) => stride) },
      dilations: { ints: steps.map(({ dilation }) => dilation) },
      pads: { ints: [...steps.map(({ before }) => before), ...steps.map(({ after }) => after)] },
      ...(isCeil ? { ceil_mode: { int: 1 } } : {}),
      ...attributes,
    },
    shape: [...x.shape.slice(0, 2), ...space],
  });
}
