import type { GraphScope, GraphTensor } from "../graph-builder.ts";
import { freeDimension, sameDimension, formatShape } from "../shapes.ts";

/** A body, repeated. */
export interface LoopSpec {
  /** How often: int64, a single one. */
  readonly trips: GraphTensor;
  /** What the first trip starts from. */
  readonly state: readonly GraphTensor[];
  /** One trip: given its number (from 0) and the state before it, adds the nodes of the body. */
  readonly body: (graph: GraphScope, trip: GraphTensor, state: readonly GraphTensor[]) => LoopStep;
}

export interface LoopStep {
  /** After the trip: types and shapes are those before it. */
  readonly state: readonly GraphTensor[];
  /** What is kept of every trip. */
  readonly kept: readonly GraphTensor[];
}

/** The state after the last trip, and what was kept with the trips as a new first axis, whose size is free ("trips"). */
export function loop(graph: GraphScope, { trips, state, body }: LoopSpec): LoopStep {
  const inner = graph.body();
  const trip = inner.graph.input("trip", [], "int64");
  const goesOn = inner.graph.input("condition", [], "bool");
  const before = state.map(({ shape, type }, place) => inner.graph.input(`state${place}`, shape, type));
  const step = body(inner.graph, trip, before);
  before.forEach((tensor, place) => {
    const after = step.state[place];
    if (after?.type !== tensor.type || !sameShape(after, tensor)) {
      const found = after === undefined ? "nothing" : `${after.type} ${formatShape(after.shape)}`;
      throw new Error(
        `State ${place} of a loop begins as ${tensor.type} ${formatShape(tensor.shape)} and ends as ${found}.`,
      );
    }
  });
  const outputs = graph.nodeWithResults(
    {
      operator: "Loop",
      inputs: [trips, null, ...state],
      attributes: { body: { graph: inner.toGraph([goesOn, ...step.state, ...step.kept]) } },
    },
    [
      ...state.map(({ shape, type }) => ({ shape, type })),
      ...step.kept.map(({ shape, type }) => ({ shape: [freeDimension("trips"), ...shape], type })),
    ],
  );
  return { state: outputs.slice(0, state.length), kept: outputs.slice(state.length) };
}

function sameShape(a: GraphTensor, b: GraphTensor): boolean {
  return a.shape.length === b.shape.length && a.shape.every((size, axis) => sameDimension(size, b.shape[axis] ?? -1));
}
