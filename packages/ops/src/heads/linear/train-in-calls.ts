import { setImmediate as nextMacrotask } from "node:timers/promises";
import { writeModel } from "../../onnx/write-model.ts";
import { openSession } from "../../runtime/session.ts";
import { beginBlock, type BlockTraining } from "./block-training.ts";
import type { ChooseCallLength } from "./call-length.ts";
import { lendFeatures } from "./feature-window.ts";
import { cutOutHead, layOutHeads, type BlockLayout } from "./head-blocks.ts";
import { buildLinearTrainingGraph } from "./linear-training-graph.ts";
import { LossRecord } from "./loss-record.ts";
import { largestCopy, prepareExamples } from "./standardised-copy.ts";
import { createStepInputs } from "./step-inputs.ts";
import type { HeadWeights, TrainedHead, TrainingHooks, TrainingTask } from "./trainer.ts";
import { planBatches, type TrainingBatches } from "./training-batches.ts";

export interface CallOptions {
  readonly chooseLength: ChooseCallLength;
  /** Bytes that a copy of the inputs may take; no bit depends on it. */
  readonly copyLimit?: number;
}

/**
 * Trains the heads of a task, block by block, in calls of onnxruntime. How steps are cut into calls is chosen from outside;
 * no bit depends on it. Between calls others may run, and the abort signal is heeded.
 *
 * On one core: two that share a step exchange its weights, batch and gradients, which took a third of it where they had no
 * cache in common. More cores train more heads: see `FusedOp.fewestInCall`.
 */
export async function trainInCalls(
  task: TrainingTask,
  hooks: TrainingHooks,
  { chooseLength, copyLimit = largestCopy }: CallOptions,
): Promise<readonly TrainedHead[]> {
  const { plan } = task;
  const examples = prepareExamples(task.examples, copyLimit);
  const layout = layOutHeads(task);
  const batches = planBatches(plan, examples.rows);
  const graph = buildLinearTrainingGraph({ layout, examples, batchSize: batches.batchSize, momentum: plan.momentum });
  const session = await openSession({
    model: { data: await writeModel(graph.model), name: null },
    threads: 1,
    use: "training",
  });
  try {
    const blocks = layout.blocks.map((block) => beginBlock({ plan, examples, layout, block, graph, session }));
    const training: Training = { task: { ...task, examples }, layout, batches, blocks, losses: new LossRecord(layout) };
    return await runAllSteps(training, hooks, chooseLength);
  } finally {
    await session.close();
  }
}

interface Training {
  readonly task: TrainingTask;
  readonly layout: BlockLayout;
  readonly batches: TrainingBatches;
  readonly blocks: readonly BlockTraining[];
  readonly losses: LossRecord;
}

async function runAllSteps(
  training: Training,
  { signal, progress }: TrainingHooks,
  chooseLength: ChooseCallLength,
): Promise<readonly TrainedHead[]> {
  const { task, layout, batches, blocks } = training;
  const features = lendFeatures(task.examples);
  const inputsOf = createStepInputs(task, { layout, batches, features });
  const mostSteps = Math.max(1, Math.floor(features.mostRows / batches.batchSize));
  const epochs: (readonly HeadWeights[])[] = [];
  const total = batches.steps * blocks.length;
  let length = chooseLength(null);
  for (let start = 0; start < batches.steps;) {
    const end = Math.min(start + length, start + mostSteps, endOfCall(training, start));
    const inputs = inputsOf({ start, end });
    for (const [place, block] of blocks.entries()) {
      await nextMacrotask();
      signal.throwIfAborted();
      const begun = performance.now();
      const call = { steps: end - start, isFirst: start === 0, isLast: end === batches.steps };
      training.losses.add(block.block, await block.run(call, inputs));
      length = chooseLength({ steps: call.steps, milliseconds: performance.now() - begun });
      progress(start * blocks.length + (place + 1) * (end - start), total);
    }
    start = end;
    if (task.plan.keepEpochs && (end === batches.steps || end % batches.stepsPerEpoch === 0)) {
      epochs.push(cutOutAll(training));
    }
  }
  signal.throwIfAborted();
  return cutOutAll(training).map((weights, head) => {
    const [firstLoss, lastLoss] = [training.losses.first(head), training.losses.last(head)];
    // A weight that is not finite stays so: what happened on the way need not be watched.
    const isFinite = [firstLoss, lastLoss].every(Number.isFinite) && hasFiniteWeights(weights);
    return { isFinite, weights, epochs: epochs.map((heads) => heads[head]!), firstLoss, lastLoss };
  });
}

/** A call ends with its epoch where weights are wanted then. */
function endOfCall({ task, batches }: Training, start: number): number {
  if (!task.plan.keepEpochs) return batches.steps;
  return Math.min(batches.steps, (Math.floor(start / batches.stepsPerEpoch) + 1) * batches.stepsPerEpoch);
}

function cutOutAll({ layout, blocks }: Training): readonly HeadWeights[] {
  return blocks.flatMap(({ block, weights }) => {
    const values = weights();
    return block.heads.map((_, place) => cutOutHead(layout, values, place));
  });
}

function hasFiniteWeights({ weights, bias }: HeadWeights): boolean {
  return weights.every(Number.isFinite) && bias.every(Number.isFinite);
}
