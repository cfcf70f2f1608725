import { createGraphBuilder, type GraphBuilder } from "../graph-builder.ts";
import { executionOrder } from "../memory/execution-order.ts";
import { memoryBound, type MemoryUse } from "../memory/memory-bound.ts";
import type { OnnxModel } from "../onnx-model.ts";
import { freeDimension } from "../shapes.ts";
import { lossScaleNames, lossScaling } from "./loss-scaling.ts";
import { networkStep } from "./network-step.ts";
import {
  factorInput,
  lossesOutput,
  normsOutput,
  rateInput,
  slotName,
  takenSteps,
  type NetworkTrainingSpec,
} from "./network-training-spec.ts";
import { addSteps, after, stepsInput, type Steps, type TensorSpec } from "./steps.ts";

export interface NetworkTraining {
  /**
   * Inputs: `steps` (int64, where it is a loop), the state, the spec's inputs; with the steps as a first axis `rate`, the
   * optimiser's factors (`factorInput`) and, with the parts as a second axis where there are several, the batch inputs. Outputs:
   * `after(name)` of the state, `losses` [steps] and, where it is cut or the loss is scaled, `norms` [steps].
   */
  readonly model: OnnxModel;
  /** Parameters and buffers, what the optimiser carries beside the parameters, and the scale of the loss. */
  readonly state: readonly StateSpec[];
}

export interface StateSpec extends TensorSpec {
  readonly shape: readonly number[];
  /** What each of its entries is before the first step; null for parameters and buffers, whose values come from outside. */
  readonly start: number | null;
}

/** Forward pass, loss, gradient and optimiser step, repeated. */
export function buildNetworkTraining(spec: NetworkTrainingSpec): NetworkTraining {
  const graph = createGraphBuilder();
  const state = stateOf(spec);
  const { end, kept } = addTraining(graph, spec, state);
  state.forEach(({ name }, place) => graph.output(after(name), end[place]!));
  const [losses, norms] = kept;
  graph.output(lossesOutput, losses!);
  if (norms !== undefined) graph.output(normsOutput, norms);
  return { model: graph.toModel(spec.name), state };
}

/**
 * How little memory a step can be made in, see `memoryBound`: the state and the batch that come in, and the most that is there
 * beside them, the state that goes out among it.
 */
export function trainingMemory(spec: NetworkTrainingSpec): MemoryUse {
  const graph = createGraphBuilder();
  const { start, end, kept } = addTraining(graph, { ...spec, repeat: 1 }, stateOf(spec));
  const outputs = [...end, ...kept];
  return memoryBound({ nodes: executionOrder(graph.nodes, outputs), inputs: start, outputs });
}

function addTraining(graph: GraphBuilder, spec: NetworkTrainingSpec, state: readonly StateSpec[]): Steps {
  const { optimiser, parts = 1, scalesLoss = false, repeat = "loop" } = spec;
  // Where steps may be skipped, the optimiser counts those that it took: which of its factors is due is known only then.
  const table = { shape: [repeat === "loop" ? freeDimension(stepsInput) : repeat] };
  const factors = optimiser.factors.map(({ name }) => ({ name: factorInput(name), shape: [] }));
  const batch = spec.batchInputs.map((each) => (parts === 1 ? each : { ...each, shape: [parts, ...each.shape] }));
  return addSteps(
    graph,
    {
      state,
      inputs: [...spec.inputs, ...(scalesLoss ? factors.map((each) => ({ ...each, ...table })) : [])],
      stepInputs: [{ name: rateInput, shape: [] }, ...(scalesLoss ? [] : factors), ...batch],
      repeat,
    },
    networkStep(spec),
  );
}

function stateOf({ parameters, buffers, optimiser, scalesLoss = false }: NetworkTrainingSpec): readonly StateSpec[] {
  const single = (name: string, start: number): StateSpec => ({ name, shape: [], start });
  return [
    ...parameters.map(({ name, shape }) => ({ name, shape, start: null })),
    ...parameters.flatMap(({ name, shape }) =>
      optimiser.slots.map((slot) => ({ name: slotName(name, slot), shape, start: 0 })),
    ),
    ...buffers.map((buffer) => ({ ...buffer, start: null })),
    ...(scalesLoss
      ? [
          single(lossScaleNames.scale, lossScaling.start),
          single(lossScaleNames.streak, 0),
          { ...single(takenSteps, 0), type: "int64" as const },
        ]
      : []),
  ];
}
