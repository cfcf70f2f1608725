import type { GraphScope, GraphTensor } from "../graph-builder.ts";
import { add, multiply } from "../operators/arithmetic.ts";
import { where } from "../operators/choices.ts";
import { gather } from "../operators/indexing.ts";
import { clipByGlobalNorm } from "../optimisers/clip-gradients.ts";
import { addBatch } from "./batch-gradients.ts";
import { isFiniteValue, lossScaleNames, scaleAfter } from "./loss-scaling.ts";
import { factorInput, rateInput, slotName, takenSteps, type NetworkTrainingSpec } from "./network-training-spec.ts";
import type { AddStep, ReadTensor } from "./steps.ts";

/** One step of a training: the state after it, in the order of `stateOf`; kept are the loss and, where it is known, the norm. */
export function networkStep(spec: NetworkTrainingSpec): AddStep {
  const { scalesLoss = false, largestNorm = null } = spec;
  return (graph, read, before) => {
    const scale = scalesLoss ? read(lossScaleNames.scale) : null;
    const { gradients, divisor, loss, buffers } = addBatch(graph, spec, { read, scale });
    const needsNorm = scalesLoss || largestNorm !== null || divisor !== null;
    const clipped = needsNorm ? clipByGlobalNorm(graph, gradients, { largest: largestNorm, divisor }) : null;
    const moved = [...moveAll(graph, spec, { read, gradients: clipped?.gradients ?? gradients }), ...buffers];
    const kept = clipped === null ? [loss] : [loss, clipped.norm];
    if (!scalesLoss) return { state: moved, kept };

    const isFinite = isFiniteValue(graph, clipped!.norm);
    const chosen = moved.map((then, place) => where(graph, isFinite, { then, otherwise: before[place]! }));
    const next = scaleAfter(graph, { scale: scale!, streak: read(lossScaleNames.streak) }, isFinite);
    const taken = read(takenSteps);
    const [one, none] = [1, 0].map((value) => graph.integers(value));
    const counted = add(graph, taken, where(graph, isFinite, { then: one!, otherwise: none! }));
    return { state: [...chosen, next.scale, next.streak, counted], kept };
  };
}

interface Moving {
  readonly read: ReadTensor;
  readonly gradients: readonly GraphTensor[];
}

/** The parameters after the step, then what the optimiser carries beside each. */
function moveAll(
  graph: GraphScope,
  { parameters, optimiser, scalesLoss = false }: NetworkTrainingSpec,
  { read, gradients }: Moving,
): readonly GraphTensor[] {
  const factors = optimiser.factors.map(({ name }) => {
    const own = read(factorInput(name));
    return scalesLoss ? gather(graph, own, { indices: read(takenSteps), axis: 0 }) : own;
  });
  const moved = parameters.map(({ name, rateFactor = 1, weightDecay = 0 }, place) => {
    const rate = read(rateInput);
    return optimiser.update(graph, {
      parameter: read(name),
      slots: optimiser.slots.map((slot) => read(slotName(name, slot))),
      gradient: gradients[place]!,
      factors,
      rate: rateFactor === 1 ? rate : multiply(graph, rate, graph.scalar(rateFactor)),
      weightDecay: weightDecay === 0 ? null : graph.scalar(weightDecay),
      rateChange: null,
    });
  });
  return [...moved.map(({ parameter }) => parameter), ...moved.flatMap(({ slots }) => slots)];
}
