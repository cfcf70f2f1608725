import { createHash } from "node:crypto";
import { OpError } from "../op-error.ts";
import { decodeSafetensors, encodeSafetensors } from "../arrays/safetensors.ts";
import {
  factorInput,
  lossesOutput,
  normsOutput,
  rateInput,
  takenSteps,
} from "../onnx/training/network-training-spec.ts";
import type { NetworkTraining, StateSpec } from "../onnx/training/network-training.ts";
import { after, stepsInput } from "../onnx/training/steps.ts";
import type { Optimiser } from "../onnx/optimisers/optimiser.ts";
import type { Schedule } from "../onnx/schedules/schedule.ts";
import { writeModel } from "../onnx/write-model.ts";
import type { Device } from "../runtime/device.ts";
import { openSession, type ModelSource, type TensorValue, type TensorValues } from "../runtime/session.ts";

export interface NetworkTrainerOptions {
  readonly training: NetworkTraining;
  readonly optimiser: Optimiser;
  /** The rate of each step. */
  readonly rateAt: Schedule;
  /** The values of parameters and buffers before the first step, by name. */
  readonly start: ReadonlyMap<string, Float32Array>;
  /** What `checkpoint` gave: the training goes on from there, and `start` counts for nothing. */
  readonly checkpoint?: Uint8Array | null;
  /** Files that the model keeps frozen weights in. */
  readonly externalFiles?: ModelSource["externalFiles"];
  readonly device?: Device;
  readonly threads?: number;
}

/** A network in training. Its state lies here between the calls. */
export interface NetworkTrainer {
  /** How many steps were made. */
  readonly step: number;
  /** Makes some steps. @param inputs by name; what each step has of its own has the steps as a first axis */
  run(steps: number, inputs: TensorValues): Promise<StepsReport>;
  /** A parameter, a buffer or what the optimiser carries, as it is now. */
  values(name: string): Float32Array;
  /**
   * The whole state, as the bytes of a safetensors file. A training that goes on from it ends with the same bits as one that was
   * never interrupted, on the same kind of machine with as many threads.
   */
  checkpoint(): Uint8Array;
  close(): Promise<void>;
}

export interface StepsReport {
  readonly losses: readonly number[];
  /** Of all gradients together, where the training takes it; NaN or infinite for a step that was skipped. */
  readonly norms: readonly number[] | null;
}

/** @throws OpError `checkpoint-unreadable`, `checkpoint-of-other-training` */
export async function openNetworkTrainer(options: NetworkTrainerOptions): Promise<NetworkTrainer> {
  const { training, optimiser, rateAt, checkpoint = null, externalFiles = [], device, threads } = options;
  const data = await writeModel(training.model);
  const graph = createHash("sha256").update(data).digest("hex");
  let { step, taken, state } = checkpoint === null ? beginning(options) : restore(training, checkpoint, graph);
  /** The caller's arrays: read, never written. */
  const borrowed = new WeakSet<object>(options.start.values());
  const session = await openSession({
    model: { data, externalFiles, name: null },
    use: "network",
    ...(device && { device }),
    ...(threads && { threads }),
  });
  const outputs = session.outputs.map(({ name }) => name);
  const inputNames = new Set(session.inputs.map(({ name }) => name));
  /** What the step before last left behind: the next one's results are written over it. */
  let spare: ReadonlyMap<string, TensorValue> = new Map();

  return {
    get step() {
      return step;
    },
    async run(steps, inputs) {
      const numbers = Array.from({ length: steps }, (_, place) => step + place);
      const table = (valueAt: (step: number) => number, of: readonly number[]): TensorValue => {
        return { data: Float32Array.from(of, valueAt), dims: [steps] };
      };
      const due = numbers.map((number) => number - step + taken);
      const feeds: TensorValues = {
        ...inputs,
        ...Object.fromEntries(state),
        [rateInput]: table(rateAt, numbers),
        ...Object.fromEntries(optimiser.factors.map(({ name, at }) => [factorInput(name), table(at, due)])),
        [stepsInput]: { data: BigInt64Array.of(BigInt(steps)), dims: [] },
      };
      const known = Object.entries(feeds).filter(([name]) => inputNames.has(name));
      const next = new Map([...state].map(([name, value]) => [name, spare.get(name) ?? emptyLike(value)] as const));
      const told = outputs.filter((name) => name === lossesOutput || name === normsOutput);
      const perStep = new Map(told.map((name) => [name, { data: new Float32Array(steps), dims: [steps] }] as const));
      const results = [...next].map(([name, value]) => [after(name), value] as const);
      await session.runInto(Object.fromEntries(known), Object.fromEntries([...results, ...perStep]));
      spare = new Map([...state].filter(([, value]) => !borrowed.has(value.data)));
      const counted = next.get(takenSteps);
      taken += counted === undefined ? steps : Number(counted.data[0]);
      const none = { data: BigInt64Array.of(0n), dims: [] };
      state = counted === undefined ? next : new Map([...next, [takenSteps, none]]);
      step += steps;
      const norms = perStep.get(normsOutput);
      return {
        losses: Array.from(perStep.get(lossesOutput)!.data),
        norms: norms === undefined ? null : Array.from(norms.data),
      };
    },
    values(name) {
      const found = state.get(name)?.data;
      if (found instanceof Float32Array) return found.slice();
      throw new Error(`The training has no tensor "${name}".`);
    },
    checkpoint: () =>
      encodeSafetensors({
        tensors: new Map([...state].map(([name, { data: values, dims }]) => [name, { data: values, shape: dims }])),
        metadata: { step: String(step), taken: String(taken), graph },
      }),
    close: () => session.close(),
  };
}

interface TrainingState {
  readonly step: number;
  /** Steps that were not skipped. */
  readonly taken: number;
  readonly state: ReadonlyMap<string, TensorValue>;
}

function beginning({ training, start }: NetworkTrainerOptions): TrainingState {
  const valueOf = ({ name, shape, start: filling, type }: StateSpec): TensorValue => {
    const size = shape.reduce((product, each) => product * each, 1);
    if (type === "int64") return { data: new BigInt64Array(size), dims: shape };
    const values = filling === null ? start.get(name) : new Float32Array(size).fill(filling);
    if (values?.length !== size) throw new Error(`The training has no values, or too few, for "${name}".`);
    return { data: values, dims: shape };
  };
  return { step: 0, taken: 0, state: new Map(training.state.map((spec) => [spec.name, valueOf(spec)])) };
}

function emptyLike({ data, dims }: TensorValue): TensorValue {
  if (data instanceof BigInt64Array) return { data: new BigInt64Array(data.length), dims };
  return { data: new Float32Array(data.length), dims };
}

function restore({ state }: NetworkTraining, checkpoint: Uint8Array, graph: string): TrainingState {
  const { tensors, metadata } = readCheckpoint(checkpoint);
  const isSame = metadata["graph"] === graph && state.every(({ name }) => tensors.has(name));
  if (!isSame) {
    throw new OpError(
      "checkpoint-of-other-training",
      "The checkpoint is of another training: the network, its batches, or what is trained and how are not the same.",
      "Go on with the program that it was made by, or begin anew.",
    );
  }
  const [step, taken] = [Number(metadata["step"]), Number(metadata["taken"])];
  return {
    step,
    taken,
    state: new Map([...tensors].map(([name, { data, shape }]) => [name, { data, dims: shape }])),
  };
}

function readCheckpoint(bytes: Uint8Array): ReturnType<typeof decodeSafetensors> {
  try {
    return decodeSafetensors(bytes);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new OpError("checkpoint-unreadable", `The checkpoint cannot be read: ${reason}.`, "Begin anew without it.");
  }
}
