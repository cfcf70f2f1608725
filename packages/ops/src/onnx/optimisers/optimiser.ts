import type { GraphScope, GraphTensor } from "../graph-builder.ts";

/** How a step moves a parameter. */
export interface Optimiser {
  /** What is carried from step to step beside a parameter, by name: each of the parameter's shape, and zero at first. */
  readonly slots: readonly string[];
  /** What else changes from step to step, the same for every parameter. */
  readonly factors: readonly StepFactor[];
  readonly update: (graph: GraphScope, call: UpdateCall) => Moved;
}

/**
 * A number of each step. Worked out outside the graph in float64, where a power of nearly 1 can be taken from 1 without loss,
 * and fed to it as a single float.
 */
export interface StepFactor {
  readonly name: string;
  /** Steps count from 0. */
  readonly at: (step: number) => number;
}

export interface UpdateCall extends Moved {
  readonly gradient: GraphTensor;
  /** This step's, single values, in the optimiser's order. */
  readonly factors: readonly GraphTensor[];
  /** A single one, or broadcast to the parameter where parts of it (columns, say) move at rates of their own. */
  readonly rate: GraphTensor;
  /** Like `rate`; null for none. */
  readonly weightDecay: GraphTensor | null;
  /**
   * Where the gradient has been multiplied by the rate already: this step's rate over that of the step before, a single one.
   * The slots then hold rates times what they hold otherwise, which spares a pass over the parameter.
   */
  readonly rateChange: GraphTensor | null;
}

/** A parameter and its slots, before or after a step. */
export interface Moved {
  readonly parameter: GraphTensor;
  readonly slots: readonly GraphTensor[];
}
