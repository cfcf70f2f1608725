import type { GraphBuilder, GraphTensor } from "../../graph-builder.ts";
import { countOf, type Draw } from "./random-operator.ts";
import { axisOperators } from "./random-operators/axes.ts";
import { imageOperators, layoutOperators, rowOperators } from "./random-operators/layers.ts";
import { valueOperators } from "./random-operators/values.ts";
import { floats } from "./values.ts";

/** What a node is drawn by: whole numbers from 0, of which its operator takes as many as it needs. */
export type Step = readonly number[];

/** Each kind is as likely as the others, however many there are of it. */
const kinds = [valueOperators, axisOperators, layoutOperators, rowOperators, imageOperators];

/** Larger ones would only cost time. */
const mostEntries = 400;

/** Adds a node or a few for each step. @returns all tensors that may be read, the inputs first */
export function addRandomNodes(
  graph: GraphBuilder,
  inputs: readonly GraphTensor[],
  steps: readonly Step[],
): readonly GraphTensor[] {
  const tensors = [...inputs];
  for (const [place, step] of steps.entries()) {
    const draw = drawFrom(graph, step, { tensors, place });
    // One of the last, so that graphs grow deep.
    const x = tensors[Math.max(0, tensors.length - 1 - draw.below(4))]!;
    const results = draw.of(draw.of(kinds))(graph, x, draw);
    tensors.push(...results.filter((result) => countOf(result) > 0 && countOf(result) <= mostEntries));
  }
  return tensors;
}

function drawFrom(
  graph: GraphBuilder,
  step: Step,
  { tensors, place }: { readonly tensors: readonly GraphTensor[]; readonly place: number },
): Draw {
  let [next, weights] = [0, 0];
  const below = (bound: number): number => step[next++ % step.length]! % bound;
  const of = <Item>(items: readonly Item[]): Item => items[below(items.length)]!;
  return {
    below,
    of,
    tensor: () => of(tensors),
    weight: (...shape) => {
      const name = `weight ${place}.${weights++}`;
      return graph.weight(name, Float32Array.from(floats(shape, name).values), shape);
    },
  };
}
