import type { GraphScope, GraphTensor } from "../graph-builder.ts";
import type { LossParts } from "../losses/loss.ts";
import type { Optimiser } from "../optimisers/optimiser.ts";
import type { ReadTensor, StepsSpec, TensorSpec } from "./steps.ts";

/** A tensor that is trained. */
export interface ParameterSpec {
  readonly name: string;
  readonly shape: readonly number[];
  /** What the step's rate is multiplied by for it; by default 1. */
  readonly rateFactor?: number;
  /** By default 0. */
  readonly weightDecay?: number;
}

export interface BufferSpec extends TensorSpec {
  readonly shape: readonly number[];
}

/** What a batch comes to. */
export interface ForwardPass {
  readonly loss: LossParts;
  /** The buffers after it, by name, e.g. the running moments of a batch normalisation; one that is left out stays as it was. */
  readonly buffers: ReadonlyMap<string, GraphTensor>;
}

/** The training of a network as a graph: what moves, by which loss, and how. */
export interface NetworkTrainingSpec {
  readonly name: string;
  readonly parameters: readonly ParameterSpec[];
  /** What the forward pass itself moves. */
  readonly buffers: readonly BufferSpec[];
  /** What is the same in all steps of a call. */
  readonly inputs: readonly TensorSpec[];
  /** What is read of one part of a batch: images, truth, counts. */
  readonly batchInputs: readonly TensorSpec[];
  readonly forward: (graph: GraphScope, read: ReadTensor) => ForwardPass;
  readonly optimiser: Optimiser;
  /** In how many parts, one after the other, the gradient of a batch is worked out; by default 1. */
  readonly parts?: number;
  /** What the norm of all gradients together is cut to; by default it is not. */
  readonly largestNorm?: number | null;
  /** For float16: the loss is scaled up as far as its gradients stay finite. */
  readonly scalesLoss?: boolean;
  /** Which share of the activations is kept for the way back, 0 to 1; the others are worked out again. By default all are kept. */
  readonly keptActivations?: number | null;
  readonly repeat?: StepsSpec["repeat"];
}

export const rateInput = "rate";
export const lossesOutput = "losses";
export const normsOutput = "norms";

/** Where the loss is scaled: how many of the call's steps were taken so far, int64. Each call starts it at 0. */
export const takenSteps = "taken steps";

/** The input that an optimiser's factor is fed by. */
export function factorInput(name: string): string {
  return `factor:${name}`;
}

/** What an optimiser carries beside a parameter. */
export function slotName(parameter: string, slot: string): string {
  return `${parameter}.${slot}`;
}
