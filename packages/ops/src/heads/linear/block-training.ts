import {
  after,
  lastStepInput,
  lossesAfter,
  lossesBefore,
  stepsInput,
  type TrainingGraph,
} from "../../onnx/training/training-graph.ts";
import type { Session, TensorValues } from "../../runtime/session.ts";
import { overColumns, startingWeights, type BlockLayout, type BlockWeights, type HeadBlock } from "./head-blocks.ts";
import { scaleOf } from "./scale-of.ts";
import type { PreparedExamples } from "./standardised-copy.ts";
import type { TrainingPlan } from "./trainer.ts";

/** A block of heads on its way: its state lies here between the calls. */
export interface BlockTraining {
  readonly block: HeadBlock;
  /** Makes some steps. @param inputs of these steps, and what all blocks share */
  readonly run: (steps: number, inputs: TensorValues) => Promise<CallLosses>;
  readonly weights: () => BlockWeights;
}

/** Losses of a call's first batch before it, and of its last one after it: [columns]. */
export interface CallLosses {
  readonly before: Float32Array;
  readonly after: Float32Array;
}

export interface BlockTrainingOptions {
  readonly plan: TrainingPlan;
  readonly examples: PreparedExamples;
  readonly layout: BlockLayout;
  readonly block: HeadBlock;
  readonly graph: TrainingGraph;
  readonly session: Session;
}

export function beginBlock({ plan, examples, layout, block, graph, session }: BlockTrainingOptions): BlockTraining {
  const { columns } = layout;
  const settings: TensorValues = {
    ...(!examples.isStandardised && {
      mean: { data: examples.mean, dims: [layout.inputs] },
      scale: { data: scaleOf(examples), dims: [layout.inputs] },
    }),
    rates: { data: overColumns(layout, block, (head) => head.learningRate), dims: [columns] },
    ...(layout.hasWeightDecay && {
      weightDecays: { data: overColumns(layout, block, (head) => head.weightDecay), dims: [columns] },
    }),
  };
  const dims = new Map(graph.state.map(({ name, shape }) => [name, shape.filter((size) => typeof size === "number")]));
  // Biases and velocities start at zero.
  const state = new Map<string, Float32Array>(
    [...dims].map(([name, sizes]) => [name, new Float32Array(sizes.reduce((count, size) => count * size, 1))]),
  );
  state.set("weights", startingWeights(layout, block, plan.initialWeights));

  return {
    block,
    async run(steps, inputs) {
      const before = Object.fromEntries([...state].map(([name, data]) => [name, { data, dims: dims.get(name)! }]));
      const number = (value: number): TensorValues[string] => ({ data: BigInt64Array.of(BigInt(value)), dims: [] });
      const results = await session.run(
        { ...settings, ...inputs, ...before, [stepsInput]: number(steps), [lastStepInput]: number(steps - 1) },
        [...[...state.keys()].map(after), lossesBefore, lossesAfter],
      );
      for (const name of state.keys()) state.set(name, results.get(after(name))!.data);
      return { before: results.get(lossesBefore)!.data, after: results.get(lossesAfter)!.data };
    },
    weights: () => ({ weights: state.get("weights")!, bias: state.get("bias")! }),
  };
}
