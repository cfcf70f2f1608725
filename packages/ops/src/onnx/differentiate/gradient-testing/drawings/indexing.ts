import { gather, gatherElements } from "../../../operators/indexing.ts";
import { onAxis, randomIndices, type Drawing } from "../drawing.ts";

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
};
