import { OpError } from "../../op-error.ts";
import { scalarLike } from "../operators/filling.ts";
import { pullBack } from "../differentiate/differentiate.ts";
import type { GraphScope, GraphTensor } from "../graph-builder.ts";
import { add, divide, multiply } from "../operators/arithmetic.ts";
import { gather } from "../operators/indexing.ts";
import { pick } from "../operators/layout.ts";
import { loop } from "../operators/loops.ts";
import { pullBackRecomputing } from "../recompute/pull-back-recomputing.ts";
import type { NetworkTrainingSpec } from "./network-training-spec.ts";
import type { ReadTensor } from "./steps.ts";

/** What a batch comes to. */
export interface BatchResult {
  /** Of the loss by each parameter, times `divisor`. */
  readonly gradients: readonly GraphTensor[];
  /** A single value; null where it is 1. */
  readonly divisor: GraphTensor | null;
  readonly loss: GraphTensor;
  /** After the batch, in the order of the spec. */
  readonly buffers: readonly GraphTensor[];
}

/** Forward pass and gradient of a batch. `scale`: what the loss is multiplied by on the way back. */
export function addBatch(
  graph: GraphScope,
  spec: NetworkTrainingSpec,
  { read, scale }: { readonly read: ReadTensor; readonly scale: GraphTensor | null },
): BatchResult {
  if ((spec.parts ?? 1) > 1) return addParts(graph, spec, { read, scale });
  const { sum, weight, buffers } = forwardOf(graph, spec, read);
  const loss = divide(graph, sum, weight);
  const seed = divide(graph, scale ?? scalarLike(graph, sum, 1), weight);
  return { gradients: gradientsOf(graph, spec, { read, sum, seed }), divisor: scale, loss, buffers };
}

/**
 * The same in parts, whose sums and weights add up, so that the gradient is that of the whole batch however unlike its parts are:
 * a mean of their gradients is not, where one part is smaller or its classes have other weights.
 */
function addParts(
  graph: GraphScope,
  spec: NetworkTrainingSpec,
  { read, scale }: { readonly read: ReadTensor; readonly scale: GraphTensor | null },
): BatchResult {
  const { parameters, buffers, parts = 1 } = spec;
  const names = buffers.map(({ name }) => name);
  const batchNames = spec.batchInputs.map(({ name }) => name);
  const seed = scale === null ? graph.scalar(1) : divide(graph, scale, graph.scalar(examplesOf(spec)));
  const addPart = (scope: GraphScope, part: GraphTensor, before: readonly GraphTensor[]): readonly GraphTensor[] => {
    const readPart: ReadTensor = (name) => {
      if (names.includes(name)) return before[parameters.length + 2 + names.indexOf(name)]!;
      return batchNames.includes(name) ? entryOf(scope, read(name), part) : read(name);
    };
    const { sum, weight, buffers: moved } = forwardOf(scope, spec, readPart);
    const own = [...gradientsOf(scope, spec, { read: readPart, sum, seed }), sum, weight];
    return [...own.map((tensor, place) => add(scope, before[place]!, tensor)), ...moved];
  };
  const start = [...zerosFor(graph, spec), ...names.map(read)];
  const end =
    spec.repeat === undefined || spec.repeat === "loop"
      ? loop(graph, {
          trips: graph.integers(parts),
          state: start,
          body: (body, trip, before) => ({ state: addPart(body, trip, before), kept: [] }),
        }).state
      : Array.from({ length: parts }, (_, part) => part).reduce<readonly GraphTensor[]>(
          (state, part) => addPart(graph, graph.integers(part), state),
          start,
        );
  const [sum, weight] = end.slice(parameters.length);
  return {
    gradients: end.slice(0, parameters.length),
    divisor: scale === null ? weight! : multiply(graph, weight!, seed),
    loss: divide(graph, sum!, weight!),
    buffers: end.slice(parameters.length + 2),
  };
}

/** About what the weights of all parts come to: what is led back is as large as that of a mean, or a scaled one would overflow. */
function examplesOf({ batchInputs, parts = 1 }: NetworkTrainingSpec): number {
  return parts * Number(batchInputs[0]?.shape[0] ?? 1);
}

/** What sums begin with: the gradients', then those of the loss and its weight. */
function zerosFor(graph: GraphScope, { parameters }: NetworkTrainingSpec): readonly GraphTensor[] {
  const zero = graph.scalar(0);
  const zeros = parameters.map(({ shape }) =>
    graph.node({ operator: "Expand", inputs: [zero, graph.integers(shape)], shape }),
  );
  return [...zeros, zero, zero];
}

function entryOf(graph: GraphScope, x: GraphTensor, part: GraphTensor): GraphTensor {
  const index = graph.integersOf(part)?.[0];
  return index === undefined ? gather(graph, x, { indices: part, axis: 0 }) : pick(graph, x, { axis: 0, index });
}

function forwardOf(graph: GraphScope, spec: NetworkTrainingSpec, read: ReadTensor) {
  const { loss, buffers } = spec.forward(graph, read);
  return { ...loss, buffers: spec.buffers.map(({ name }) => buffers.get(name) ?? read(name)) };
}

interface Seeded {
  readonly read: ReadTensor;
  readonly sum: GraphTensor;
  readonly seed: GraphTensor;
}

function gradientsOf(
  graph: GraphScope,
  { parameters, keptActivations = null }: NetworkTrainingSpec,
  { read, sum, seed }: Seeded,
): readonly GraphTensor[] {
  const trainables = parameters.map(({ name }) => read(name));
  const known = { tensor: sum, gradient: seed };
  const gradients =
    keptActivations === null
      ? pullBack(graph, known, trainables)
      : pullBackRecomputing(graph, known, { trainables, share: keptActivations });
  return gradients.map((gradient, place) => {
    if (gradient !== null) return gradient;
    throw new OpError(
      "no-gradient",
      `The loss does not depend on ${String(parameters[place]?.name)}, which is to be trained.`,
      "Leave it as it is, or take a later tensor of the model as its features.",
    );
  });
}
