import type { GraphScope, GraphTensor } from "../graph-builder.ts";
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

/** Entries before and after those of some axes. Every axis is named, see `padWithZeros`. */
export function pad(graph: GraphScope, x: GraphTensor, { pads, mode, value }: PaddingOptions): GraphTensor {
  const needed = pads.filter(({ before, after }) => before !== 0 || after !== 0);
  if (needed.length === 0) return x;
  const shape = x.shape.map((size, axis) => {
    const found = needed.find((each) => each.axis === axis);
    return found === undefined ? size : fixedSizeAt(x.shape, axis) + found.before + found.after;
  });
  const along = (side: "before" | "after"): readonly number[] =>
    x.shape.map((_, axis) => needed.find((each) => each.axis === axis)?.[side] ?? 0);
  const amounts = graph.integers([...along("before"), ...along("after")]);
  const filling = value === 0 || mode !== "constant" ? [] : [graph.constant([value], { type: x.type, shape: [] })];
  return graph.node({
    operator: "Pad",
    inputs: [x, amounts, ...filling],
    attributes: mode === "constant" ? {} : { mode: { string: mode } },
    shape,
  });
}
