import { after, stepsInput } from "../../onnx/training/steps.ts";
import {
  lastStepInput,
  lossesAfter,
  lossesBefore,
  times,
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
  readonly run: (call: TrainingCall, inputs: TensorValues) => Promise<CallLosses>;
  readonly weights: () => BlockWeights;
}

export interface TrainingCall {
  readonly steps: number;
  /** Whether the training begins with it, and whether it ends. */
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

/** Losses of the very first batch before the first step, and of the last one after the last: [columns]; null in other calls. */
export interface CallLosses {
  readonly before: Float32Array | null;
  readonly after: Float32Array | null;
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
    async run({ steps, isFirst, isLast }, inputs) {
      const before = Object.fromEntries([...state].map(([name, data]) => [name, { data, dims: dims.get(name)! }]));
      const number = (value: number): TensorValues[string] => ({ data: BigInt64Array.of(BigInt(value)), dims: [] });
      const extent = { [stepsInput]: number(steps), [lastStepInput]: number(steps - 1) };
      const wanted = { [times(lossesBefore)]: number(Number(isFirst)), [times(lossesAfter)]: number(Number(isLast)) };
      const results = await session.run({ ...settings, ...inputs, ...before, ...extent, ...wanted }, [
        ...[...state.keys()].map(after),
        ...[lossesBefore, lossesAfter],
      ]);
      for (const name of state.keys()) state.set(name, results.get(after(name))!.data);
      return {
        before: isFirst ? results.get(lossesBefore)!.data : null,
        after: isLast ? results.get(lossesAfter)!.data : null,
      };
    },
    weights: () => ({ weights: state.get("weights")!, bias: state.get("bias")! }),
  };
}
