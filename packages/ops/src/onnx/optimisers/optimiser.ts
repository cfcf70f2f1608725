import type { GraphScope, GraphTensor } from "../graph-builder.ts";

/** How a step moves a parameter. */
export interface Optimiser {
  /** What is carried from step to step beside a parameter, by name: each of the parameter's shape, and zero at first. */
  readonly slots: readonly string[];
  readonly update: (graph: GraphScope, call: UpdateCall) => Moved;
}

export interface UpdateCall extends Moved {
  readonly gradient: GraphTensor;
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
