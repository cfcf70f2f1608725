import { after, lossesOutput, stepsInput, type TrainingGraph } from "../../onnx/training/training-graph.ts";
import type { Session, TensorValues } from "../../runtime/session.ts";
import { overColumns, startingWeights, type BlockLayout, type BlockWeights, type HeadBlock } from "./head-blocks.ts";
import type { TrainingTask } from "./trainer.ts";

/** A block of heads on its way: its state lies here between the calls. */
export interface BlockTraining {
  readonly block: HeadBlock;
  /** Makes some steps. Gives their losses, [steps, heads per block, outputs]. @param inputs of these steps, and what all blocks share */
  readonly run: (steps: number, inputs: TensorValues) => Promise<Float32Array>;
  readonly weights: () => BlockWeights;
}

export interface BlockTrainingOptions {
  readonly task: TrainingTask;
  readonly layout: BlockLayout;
  readonly block: HeadBlock;
  readonly graph: TrainingGraph;
  readonly session: Session;
}

export function beginBlock({ task, layout, block, graph, session }: BlockTrainingOptions): BlockTraining {
  const { columns } = layout;
  const settings: TensorValues = {
    mean: { data: task.examples.mean, dims: [layout.inputs] },
    deviation: { data: task.examples.deviation, dims: [layout.inputs] },
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
  state.set("weights", startingWeights(layout, block, task.plan.initialWeights));

  return {
    block,
    async run(steps, inputs) {
      const before = Object.fromEntries([...state].map(([name, data]) => [name, { data, dims: dims.get(name)! }]));
      const trips = { data: BigInt64Array.of(BigInt(steps)), dims: [] };
      const outputs = [...state.keys()].map(after);
      const results = await session.run({ ...settings, ...inputs, ...before, [stepsInput]: trips }, [
        ...outputs,
        lossesOutput,
      ]);
      for (const name of state.keys()) state.set(name, results.get(after(name))!.data);
      return results.get(lossesOutput)!.data;
    },
    weights: () => ({ weights: state.get("weights")!, bias: state.get("bias")! }),
  };
}
