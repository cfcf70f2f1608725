import { gather, gatherElements, scatter, scatterAdd } from "../../../operators/indexing.ts";
import { reshape } from "../../../operators/layout.ts";
import { gatherBlocks, scatterBlocks } from "../../../operators/scattering.ts";
import type { GraphScope, GraphTensor } from "../../../graph-builder.ts";
import { onAxis, permutation, randomIndices, type Drawing } from "../drawing.ts";
import { randomOf, type Random } from "../random.ts";

export const indexingDrawings: Readonly<Record<string, Drawing>> = {
  Gather: onAxis((graph, x, axis, random) => {
    const shape = random.shape(random.integer(0, 2));
    const indices = randomIndices(graph, random, { shape, size: Number(x.shape[axis]) });
    return gather(graph, x, { indices, axis });
  }),
  GatherElements: onAxis((graph, x, axis, random) => {
    const shape = x.shape.map((size, place) => (place === axis ? random.integer(1, 5) : Number(size)));
    const indices = randomIndices(graph, random, { shape, size: Number(x.shape[axis]) });
    return gatherElements(graph, x, { indices, axis });
  }),
  GatherND: (random) => {
    const shape = random.shape(random.integer(1, 4));
    const shared = random.integer(0, shape.length - 1);
    const depth = random.integer(1, shape.length - shared);
    const places = [...shape.slice(0, shared), ...random.shape(random.integer(0, 2)), depth];
    const seed = random.integer(1, 1e6);
    const sizes = shape.slice(shared, shared + depth);
    return {
      shapes: [shape],
      build: (graph, [x]) =>
        gatherBlocks(graph, x!, { indices: randomPlaces(graph, randomOf(seed), { shape: places, sizes }), shared }),
    };
  },
  ScatterElements: (random) => {
    const shape = random.shape(random.integer(1, 3));
    const axis = random.integer(0, shape.length - 1);
    const isAdded = random.integer(0, 1) === 1;
    const length = random.integer(1, isAdded ? 5 : shape[axis]!);
    const part = shape.map((size, place) => (place === axis ? length : random.integer(1, size)));
    const seed = random.integer(1, 1e6);
    return {
      shapes: [shape, part],
      build: (graph, [x, updates]) => {
        const drawn = randomOf(seed);
        if (!isAdded)
          return scatter(graph, x!, {
            indices: distinct(graph, drawn, { shape, part, axis }),
            updates: updates!,
            axis,
          });
        const indices = randomIndices(graph, drawn, { shape: part, size: shape[axis]! });
        return scatterAdd(graph, x!, { indices, updates: updates!, axis });
      },
    };
  },
  ScatterND: (random) => {
    const shape = random.shape(random.integer(1, 3));
    const depth = random.integer(1, shape.length);
    const sizes = shape.slice(0, depth);
    const all = sizes.reduce((product, size) => product * size, 1);
    const order = permutation(random, all).slice(0, random.integer(1, all));
    const places = order.flatMap((at) => placeOf(at, sizes));
    return {
      shapes: [shape, [order.length, ...shape.slice(depth)]],
      build: (graph, [x, updates]) => {
        const indices = reshape(graph, graph.integers(places), [order.length, depth]);
        return scatterBlocks(graph, x!, { indices, updates: updates! });
      },
    };
  },
};

/** Indices of which no two along the axis are the same. */
function distinct(
  graph: GraphScope,
  random: Random,
  { shape, part, axis }: { readonly shape: readonly number[]; readonly part: readonly number[]; readonly axis: number },
): GraphTensor {
  const order = permutation(random, shape[axis]!);
  const count = part.reduce((product, size) => product * size, 1);
  const indices = Array.from({ length: count }, (_, at) => order[placeOf(at, part)[axis]!]!);
  return reshape(graph, graph.integers(indices), part);
}

function randomPlaces(
  graph: GraphScope,
  random: Random,
  { shape, sizes }: { readonly shape: readonly number[]; readonly sizes: readonly number[] },
): GraphTensor {
  const count = shape.reduce((product, size) => product * size, 1);
  // Some count from the end.
  const list = Array.from({ length: count }, (_, at) => {
    const size = sizes[at % sizes.length]!;
    return random.integer(-size, size - 1);
  });
  return reshape(graph, graph.integers(list), shape);
}

/** The indices of a place that is counted row-major. */
function placeOf(at: number, sizes: readonly number[]): readonly number[] {
  return sizes.map(
    (size, axis) => Math.floor(at / sizes.slice(axis + 1).reduce((product, each) => product * each, 1)) % size,
  );
}
