import { buildNetworkTraining } from "../../onnx/training/network-training.ts";
import type { Schedule } from "../../onnx/schedules/schedule.ts";
import type { TensorValue, TensorValues } from "../../runtime/session.ts";
import { openNetworkTrainer } from "../../training/network-trainer.ts";
import { createPacer } from "../pacer.ts";
import {
  attentionTraining,
  optimiser,
  outsideBag,
  type parameterShapes,
  type AttentionSizes,
} from "./attention-network.ts";

/** Bags of rows and their truth. */
export interface BagData {
  /** Row-major float32, [rows, inputs], as the head is to see them. */
  readonly values: Float32Array;
  /** The rows of each bag. */
  readonly bags: readonly (readonly number[])[];
  readonly loss: "softmax" | "sigmoid";
  /** `softmax`: the class of each bag, [bags]. `sigmoid`: 0, 1 or -1 (not known), row-major [bags, outputs]. */
  readonly targets: Int32Array;
}

export interface AttentionPlan {
  readonly sizes: AttentionSizes;
  readonly epochs: number;
  readonly batchSize: number;
  /** The bags of an epoch (from 0), in order. Batches are cut from it; the last may be smaller. */
  readonly order: (epoch: number) => Int32Array;
  /** How many bags every epoch's order has. */
  readonly bagsPerEpoch: number;
  /** The rate of each step. */
  readonly rateAt: Schedule;
  readonly weightDecay: number;
  readonly start: AttentionWeights;
}

export type AttentionWeights = Readonly<Record<keyof ReturnType<typeof parameterShapes>, Float32Array>>;

export interface TrainedAttention {
  /** Of every step, before it. After one that is not finite there are no others. */
  readonly losses: readonly number[];
  /** Null where a loss or a weight is not finite. */
  readonly weights: AttentionWeights | null;
}

export interface TrainingHooks {
  readonly signal: AbortSignal;
  readonly progress: (done: number, total: number) => void;
}

/** AdamW on one core, so that no bit depends on how many there are. */
export async function trainAttention(
  data: BagData,
  plan: AttentionPlan,
  { signal, progress }: TrainingHooks,
): Promise<TrainedAttention> {
  const { sizes, start, rateAt, weightDecay } = plan;
  const spec = attentionTraining({ ...sizes, loss: data.loss, weightDecay });
  const trainer = await openNetworkTrainer({
    training: buildNetworkTraining(spec),
    optimiser,
    rateAt,
    start: new Map(Object.entries(start)),
    threads: 1,
  });
  try {
    const pause = createPacer(signal);
    const losses: number[] = [];
    const stepsPerEpoch = Math.ceil(plan.bagsPerEpoch / plan.batchSize);
    for (let epoch = 0; epoch < plan.epochs; epoch++) {
      const order = plan.order(epoch);
      for (let first = 0; first < order.length; first += plan.batchSize) {
        await pause();
        const inputs = batchOf(data, sizes, order.subarray(first, first + plan.batchSize));
        const { losses: ofStep } = await trainer.run(1, inputs);
        losses.push(...ofStep);
        if (!ofStep.every(Number.isFinite)) return { losses, weights: null };
        progress(losses.length, stepsPerEpoch * plan.epochs);
      }
    }
    const weights = {
      tanh: trainer.values("tanh"),
      sigmoid: trainer.values("sigmoid"),
      attention: trainer.values("attention"),
      weights: trainer.values("weights"),
      bias: trainer.values("bias"),
    };
    const isFinite = Object.values(weights).every((values) => values.every(Number.isFinite));
    return { losses, weights: isFinite ? weights : null };
  } finally {
    await trainer.close();
  }
}

/** The inputs of one step; a first axis of one for the step. */
function batchOf(data: BagData, { inputs, outputs }: AttentionSizes, batch: Int32Array): TensorValues {
  const bags = [...batch].map((bag) => data.bags[bag]!);
  const count = bags.reduce((sum, { length }) => sum + length, 0);
  const rows = new Float32Array(count * inputs);
  const membership = new Float32Array(bags.length * count).fill(outsideBag);
  let place = 0;
  for (const [bag, members] of bags.entries()) {
    membership.fill(0, bag * count + place, bag * count + place + members.length);
    for (const row of members) {
      rows.set(data.values.subarray(row * inputs, (row + 1) * inputs), place * inputs);
      place += 1;
    }
  }
  return {
    rows: { data: rows, dims: [1, count, inputs] },
    membership: { data: membership, dims: [1, bags.length, count] },
    counts: { data: new Float32Array(bags.length).fill(1), dims: [1, bags.length] },
    ...(data.loss === "softmax"
      ? { truth: { data: batch.map((bag) => data.targets[bag]!), dims: [1, bags.length] } }
      : flagsOf(data.targets, batch, outputs)),
  };
}

function flagsOf(targets: Int32Array, batch: Int32Array, outputs: number): Record<"truth" | "known", TensorValue> {
  const flags = [...batch].flatMap((bag) => [...targets.subarray(bag * outputs, (bag + 1) * outputs)]);
  const dims = [1, batch.length, outputs];
  return {
    // What a flag that is not known has as its truth is multiplied by zero.
    truth: { data: Float32Array.from(flags, (flag) => Math.max(flag, 0)), dims },
    known: { data: Float32Array.from(flags, (flag) => (flag === -1 ? 0 : 1)), dims },
  };
}
