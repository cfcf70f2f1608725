import type { GraphScope, GraphTensor } from "../graph-builder.ts";
import { scalarLike } from "./filling.ts";
import { fixedSizeAt } from "../shapes.ts";

export interface AxisPadding {
  /** From 0. */
  readonly axis: number;
  /** Entries to add; below 0, to cut off. */
  readonly before: number;
  readonly after: number;
}

export interface PaddingOptions {
  readonly pads: readonly AxisPadding[];
  /** `constant`, or where the new entries come from: `reflect`, `edge` or `wrap`. */
  readonly mode: string;
  /** What the new entries are in mode `constant`. */
  readonly value: number;
}

/** Entries before and after those of some axes. */
export function pad(graph: GraphScope, x: GraphTensor, { pads, mode, value }: PaddingOptions): GraphTensor {
  const needed = pads.filter(({ before, after }) => before !== 0 || after !== 0);
  if (needed.length === 0) return x;
  const shape = x.shape.map((size, axis) => {
    const found = needed.find((each) => each.axis === axis);
    return found === undefined ? size : fixedSizeAt(x.shape, axis) + found.before + found.after;
  });
  const amounts = graph.integers([...needed.map(({ before }) => before), ...needed.map(({ after }) => after)]);
  const filling = value === 0 || mode !== "constant" ? null : scalarLike(graph, x, value);
  return graph.node({
    operator: "Pad",
    inputs: [x, amounts, filling, graph.integers(needed.map(({ axis }) => axis))],
    attributes: mode === "constant" ? {} : { mode: { string: mode } },
    shape,
  });
}
