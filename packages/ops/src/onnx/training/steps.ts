import type { GraphBuilder, GraphScope, GraphTensor, GraphType } from "../graph-builder.ts";
import { gather } from "../operators/indexing.ts";
import { concatenate, pick, unsqueeze } from "../operators/layout.ts";
import { loop, type LoopStep } from "../operators/loops.ts";
import { freeDimension, type Shape } from "../shapes.ts";

export interface TensorSpec {
  readonly name: string;
  readonly shape: Shape;
  /** Float32 unless said otherwise. */
  readonly type?: GraphType;
}

/** Something that is done again and again to a state. */
export interface StepsSpec {
  /** What a step takes from the one before it. */
  readonly state: readonly TensorSpec[];
  /** What is the same in all steps of a call. */
  readonly inputs: readonly TensorSpec[];
  /** What each step has of its own: the graph's input has the steps as a first axis. */
  readonly stepInputs: readonly TensorSpec[];
  /**
   * `loop`: as often as the input `steps` says. A number: so many steps written one after the other, for devices on which control
   * flow brings every tensor back to the host.
   */
  readonly repeat: "loop" | number;
}

/** A tensor of the state, an input or a step's own input by its name. */
export type ReadTensor = (name: string) => GraphTensor;

/** One step: adds its nodes, given what it can read and the state before it. */
export type AddStep = (graph: GraphScope, read: ReadTensor, before: readonly GraphTensor[]) => LoopStep;

/** How many steps a call makes, where it is a loop. */
export const stepsInput = "steps";

/** The output that a tensor of the state leaves by. */
export function after(name: string): string {
  return `after:${name}`;
}

export interface Steps {
  readonly start: readonly GraphTensor[];
  readonly end: readonly GraphTensor[];
  /** What the steps kept, with the steps as a first axis. */
  readonly kept: readonly GraphTensor[];
  /** What a step reads that starts from a state; its number counts from 0 in this call. */
  readonly readerOf: (graph: GraphScope, step: GraphTensor, before: readonly GraphTensor[]) => ReadTensor;
}

/** Adds the inputs of the steps, and the steps. The state leaves the graph by nothing yet. */
export function addSteps(graph: GraphBuilder, spec: StepsSpec, addStep: AddStep): Steps {
  const { repeat } = spec;
  const count = repeat === "loop" ? freeDimension(stepsInput) : repeat;
  const trips = repeat === "loop" ? graph.input(stepsInput, [], "int64") : null;
  const start = spec.state.map((tensor) => inputOf(graph, tensor));
  const inputs = spec.inputs.map((tensor) => inputOf(graph, tensor));
  const perStep = spec.stepInputs.map(({ shape, ...tensor }) =>
    inputOf(graph, { ...tensor, shape: [count, ...shape] }),
  );

  const names = [...spec.state, ...spec.inputs, ...spec.stepInputs].map(({ name }) => name);
  const readerOf: Steps["readerOf"] = (scope, step, before) => {
    const own = perStep.map((tensor) => entryOf(scope, tensor, step));
    const tensors = [...before, ...inputs, ...own];
    const known = new Map(names.map((name, place) => [name, tensors[place]!]));
    return (name) => readFrom(known, name);
  };
  const result =
    trips === null
      ? unroll(graph, start, { count: Number(repeat), readerOf, addStep })
      : loop(graph, {
          trips,
          state: start,
          body: (body, trip, before) => addStep(body, readerOf(body, trip, before), before),
        });
  return { start, end: result.state, kept: result.kept, readerOf };
}

/** An entry along the first axis; one that is known is no more than a view for whoever differentiates. */
function entryOf(graph: GraphScope, x: GraphTensor, step: GraphTensor): GraphTensor {
  const index = graph.integersOf(step)?.[0];
  return index === undefined || typeof x.shape[0] !== "number"
    ? gather(graph, x, { indices: step, axis: 0 })
    : pick(graph, x, { axis: 0, index });
}

interface Unrolled {
  readonly count: number;
  readonly readerOf: Steps["readerOf"];
  readonly addStep: AddStep;
}

function unroll(graph: GraphScope, start: readonly GraphTensor[], { count, readerOf, addStep }: Unrolled): LoopStep {
  let state = start;
  const kept: (readonly GraphTensor[])[] = [];
  for (let step = 0; step < count; step += 1) {
    const result = addStep(graph, readerOf(graph, graph.integers(step), state), state);
    state = result.state;
    kept.push(result.kept);
  }
  const stacked = (kept[0] ?? []).map((_, place) =>
    concatenate(
      graph,
      kept.map((each) => unsqueeze(graph, each[place]!, [0])),
      0,
    ),
  );
  return { state, kept: stacked };
}

function inputOf(graph: GraphBuilder, { name, shape, type }: TensorSpec): GraphTensor {
  return graph.input(name, shape, type);
}

function readFrom(known: ReadonlyMap<string, GraphTensor>, name: string): GraphTensor {
  const tensor = known.get(name);
  if (tensor === undefined) throw new Error(`The training graph has no tensor "${name}".`);
  return tensor;
}
