import { pullBack } from "../differentiate/differentiate.ts";
import { createGraphBuilder, type GraphScope, type GraphTensor } from "../graph-builder.ts";
import type { StepLoss } from "../losses/side-by-side/step-loss.ts";
import type { OnnxModel } from "../onnx-model.ts";
import { multiply } from "../operators/arithmetic.ts";
import { loop } from "../operators/loops.ts";
import type { Optimiser } from "../optimisers/optimiser.ts";
import { addSteps, after, type ReadTensor, type TensorSpec } from "./steps.ts";

/** Training as a graph: what moves, by which loss, and how. */
export interface TrainingGraphSpec {
  readonly name: string;
  /** What is trained. */
  readonly parameters: readonly TensorSpec[];
  /** What is the same in all steps of a call. */
  readonly inputs: readonly TensorSpec[];
  /** What each step has of its own: the graph's input has the steps as a first axis. */
  readonly stepInputs: readonly TensorSpec[];
  /** The loss of a step, of several independent heads that share a pass. */
  readonly loss: (graph: GraphScope, read: ReadTensor) => StepLoss;
  /** The rates of a step. */
  readonly pace: (graph: GraphScope, read: ReadTensor) => Pace;
  readonly optimiser: Optimiser;
}

export interface Pace {
  readonly rate: GraphTensor;
  readonly weightDecay: GraphTensor | null;
  /** See `UpdateCall`. Given where the loss's gradient is multiplied by `rate` before it is led back: parameters with a column per logit. */
  readonly rateChange: GraphTensor | null;
}

export interface TrainingGraph {
  /**
   * Inputs: `steps`, `last step`, `times(..)` of both losses (int64), the state, the inputs and step inputs. Outputs:
   * `after(name)` of the state, and the losses, [0 or 1, ..].
   */
  readonly model: OnnxModel;
  /** Parameters and what the optimiser carries beside them. */
  readonly state: readonly TensorSpec[];
}

/**
 * The losses of the first step's batch before the call, and of the last step's after it. Those of every step would take a
 * fifth of the time of a narrow one.
 */
export const lossesBefore = "losses before";
export const lossesAfter = "losses after";

/** How often losses are taken, 0 or 1: each time is a forward pass. */
export function times(losses: typeof lossesBefore | typeof lossesAfter): string {
  return `times:${losses}`;
}

/** The number of the last step of a call (from 0). */
export const lastStepInput = "last step";

/** Forward pass, loss, gradient and optimiser step as the body of a loop over steps. */
export function buildTrainingGraph(spec: TrainingGraphSpec): TrainingGraph {
  const { parameters, optimiser } = spec;
  if (optimiser.factors.length > 0) throw new Error("A training graph does not feed an optimiser's factors yet.");
  const graph = createGraphBuilder();
  const slots = parameters.flatMap(({ name, shape }) =>
    optimiser.slots.map((slot) => ({ name: `${name}.${slot}`, shape })),
  );
  const state = [...parameters, ...slots];
  const { inputs, stepInputs } = spec;
  const { start, end, readerOf } = addSteps(
    graph,
    { state, inputs, stepInputs, repeat: "loop" },
    (body, read, before) => ({
      state: addStep(body, spec, { read, before }),
      kept: [],
    }),
  );
  state.forEach(({ name }, place) => graph.output(after(name), end[place]!));
  const takeLosses = (
    name: typeof lossesBefore | typeof lossesAfter,
    step: GraphTensor,
    at: readonly GraphTensor[],
  ): void => {
    const { kept } = loop(graph, {
      trips: graph.input(times(name), [], "int64"),
      state: [],
      body: (body) => ({ state: [], kept: [spec.loss(body, readerOf(body, step, at)).losses] }),
    });
    graph.output(name, kept[0]!);
  };
  takeLosses(lossesBefore, graph.integers(0), start);
  takeLosses(lossesAfter, graph.input(lastStepInput, [], "int64"), end);
  return { model: graph.toModel(spec.name), state };
}

interface StepSource {
  readonly read: ReadTensor;
  /** Parameters, then their slots. */
  readonly before: readonly GraphTensor[];
}

/** The state after a step. */
function addStep(graph: GraphScope, spec: TrainingGraphSpec, { read, before }: StepSource): readonly GraphTensor[] {
  const parameters = before.slice(0, spec.parameters.length);
  const loss = spec.loss(graph, read);
  const pace = spec.pace(graph, read);
  const gradient = pace.rateChange === null ? loss.gradient : multiply(graph, loss.gradient, pace.rate);
  const gradients = pullBack(graph, { tensor: loss.logits, gradient }, parameters);
  const width = spec.optimiser.slots.length;
  const moved = parameters.map((parameter, place) => {
    const own = gradients[place] ?? null;
    if (own === null) throw new Error(`The loss does not depend on ${parameter.name}.`);
    const slots = before.slice(parameters.length + place * width, parameters.length + (place + 1) * width);
    return spec.optimiser.update(graph, { parameter, slots, gradient: own, factors: [], ...pace });
  });
  return [...moved.map(({ parameter }) => parameter), ...moved.flatMap(({ slots }) => slots)];
}
