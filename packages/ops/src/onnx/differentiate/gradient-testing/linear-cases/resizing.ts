import type { AttributeValue } from "../../../graph-builder.ts";
import type { GraphFunction } from "../gradient-graph.ts";
import { inAll, type LinearCases } from "./linear.ts";

const before = [2, 6, 20, 13];

/** From 20 to 24 and from 14 to 2 float32 finds other nearest values than exact numbers would. */
const sizes: Readonly<Record<string, readonly number[]>> = {
  growing: [2, 6, 24, 33],
  shrinking: [2, 6, 12, 7],
  "one axis": [2, 6, 20, 26],
};

const coordinates = ["half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric", "half_pixel_symmetric"];
const roundings = ["floor", "ceil", "round_prefer_floor", "round_prefer_ceil"];

const ways: readonly (readonly string[])[] = coordinates.flatMap((coordinate) => [
  ...roundings.map((rounding) => ["nearest", coordinate, rounding]),
  ["linear", coordinate],
  ["cubic", coordinate],
]);

export const resizingCases: LinearCases = {
  Resize: {
    ...Object.fromEntries(
      ways.flatMap((way) =>
        Object.entries(sizes).map(([name, after]): [string, GraphFunction] => [
          `${way.join(", ")}, ${name}`,
          toSizes({ before, after, attributes: textAttributes(way) }),
        ]),
      ),
    ),
    "nearest, from 14 to 2": toSizes({
      before: [1, 1, 14, 14],
      after: [1, 1, 2, 18],
      attributes: textAttributes(["nearest", "asymmetric", "floor"]),
    }),
    "linear, smoothed": toSizes({
      before,
      after: [2, 6, 9, 4],
      attributes: { ...textAttributes(["linear", "half_pixel"]), antialias: { int: 1 } },
    }),
    "cubic, nothing from outside": toSizes({
      before,
      after: [2, 6, 27, 9],
      attributes: { ...textAttributes(["cubic", "half_pixel"]), exclude_outside: { int: 1 } },
    }),
    "linear, 1D": toSizes({
      before: [2, 6, 20],
      after: [2, 6, 33],
      attributes: textAttributes(["linear", "half_pixel"]),
    }),
    "linear, 3D": toSizes({
      before: [1, 4, 8, 9, 6],
      after: [1, 4, 16, 6, 9],
      attributes: textAttributes(["linear", "half_pixel"]),
    }),
    "linear, by scales": byScales({ before, scales: [1, 1, 0.72, 1.7], after: [2, 6, 14, 22] }),
    "linear, by a scale to the same size": byScales({
      before: [1, 6, 3, 2],
      scales: [1, 1, 1.25, 1],
      after: [1, 6, 3, 2],
    }),
    "cubic, two axes named": inAll([before], (graph, [x]) => {
      const attributes = { ...textAttributes(["cubic", "half_pixel"]), axes: { ints: [3, 2] } };
      const after = graph.integers([26, 15]);
      return graph.node({ operator: "Resize", inputs: [x!, null, null, after], attributes, shape: [2, 6, 15, 26] });
    }),
  },
};

function textAttributes([mode, coordinate, rounding]: readonly string[]): Readonly<Record<string, AttributeValue>> {
  return {
    mode: { string: mode! },
    coordinate_transformation_mode: { string: coordinate! },
    ...(rounding === undefined ? {} : { nearest_mode: { string: rounding } }),
  };
}

interface ByScales extends Omit<ToSizes, "attributes"> {
  readonly scales: readonly number[];
}

export function byScales({ before, scales, after }: ByScales): GraphFunction {
  return inAll([before], (graph, [x]) => {
    const attributes = textAttributes(["linear", "half_pixel"]);
    return graph.node({ operator: "Resize", inputs: [x!, null, graph.floats(scales)], attributes, shape: after });
  });
}

interface ToSizes {
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

function toSizes({ before, after, attributes }: ToSizes): GraphFunction {
  return inAll([before], (graph, [x]) => {
    const inputs = [x!, null, null, graph.integers(after)];
    return graph.node({ operator: "Resize", inputs, attributes, shape: after });
  });
}
