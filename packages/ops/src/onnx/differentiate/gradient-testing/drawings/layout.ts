import { add } from "../../../operators/arithmetic.ts";
import { cast } from "../../../operators/conversions.ts";
import {
  concatenate,
  expand,
  flatten,
  padWithZeros,
  reshape,
  sliceEvery,
  split,
  squeeze,
  tile,
  transpose,
  triangle,
  unsqueeze,
} from "../../../operators/layout.ts";
import { sumKeepingAxes } from "../../../operators/reductions.ts";
import { onAxis, unary, permutation, type Drawing } from "../drawing.ts";

export const layoutDrawings: Readonly<Record<string, Drawing>> = {
  Identity: unary((graph, x) => graph.node({ operator: "Identity", inputs: [x], shape: x.shape })),
  Cast: unary((graph, x) => cast(graph, cast(graph, x, "float64"), x.type)),
  Reshape: unary((graph, x) => {
    const count = x.shape.reduce<number>((product, size) => product * Number(size), 1);
    return reshape(graph, x, count % 2 === 0 ? [2, count / 2] : [count, 1, 1]);
  }),
  Flatten: onAxis((graph, x, axis) => flatten(graph, x, axis)),
  Squeeze: onAxis((graph, x, axis) => squeeze(graph, sumKeepingAxes(graph, x, [axis]), [axis])),
  Unsqueeze: onAxis((graph, x, axis) => unsqueeze(graph, x, [axis, x.shape.length + 1])),
  Split: (random) => {
    const shape = random.shape(random.integer(1, 3));
    const axis = random.integer(0, shape.length - 1);
    const lengths = [random.integer(1, 3), random.integer(1, 2), 1];
    const whole = shape.map((size, place) => (place === axis ? lengths.reduce((a, b) => a + b) : size));
    // The last part is used by nobody.
    return {
      shapes: [whole],
      build: (graph, [x]) => concatenate(graph, split(graph, x!, { axis, lengths }).slice(0, 2).toReversed(), axis),
    };
  },
  Tile: (random) => {
    const shape = random.shape(random.integer(1, 3));
    const repeats = shape.map(() => random.integer(1, 3));
    return { shapes: [shape], build: (graph, [x]) => tile(graph, x!, repeats) };
  },
  Expand: ({ shape, integer }) => {
    const whole = shape(integer(1, 4));
    const part = whole.map((size) => (integer(0, 1) === 0 ? 1 : size)).slice(integer(0, whole.length));
    return { shapes: [part, whole], build: (graph, [x, like]) => add(graph, expand(graph, x!, like!), like!) };
  },
  Transpose: (random) => {
    const shape = random.shape(random.integer(1, 4));
    const order = permutation(random, shape.length);
    return { shapes: [shape], build: (graph, [x]) => transpose(graph, x!, order) };
  },
  Slice: onAxis((graph, x, axis, { integer }) => {
    const size = Number(x.shape[axis]);
    const start = integer(0, size - 1);
    const step = integer(1, 3);
    return sliceEvery(graph, x, { axis, start, step, count: integer(1, Math.ceil((size - start) / step)) });
  }),
  Pad: onAxis((graph, x, axis, { integer }) =>
    padWithZeros(graph, x, { axis, before: integer(0, 2), after: integer(0, 2) }),
  ),
  Concat: (random) => {
    const shape = random.shape(random.integer(1, 4));
    const axis = random.integer(0, shape.length - 1);
    const shapes = Array.from({ length: random.integer(1, 3) }, () =>
      shape.map((size, place) => (place === axis ? random.integer(1, 3) : size)),
    );
    return { shapes, build: (graph, parts) => concatenate(graph, parts, axis) };
  },
  Trilu: (random) => {
    const shape = random.shape(random.integer(2, 4));
    const options = { isUpper: random.integer(0, 1) === 1, shift: random.integer(-2, 2) };
    return { shapes: [shape], build: (graph, [x]) => triangle(graph, x!, options) };
  },
};
