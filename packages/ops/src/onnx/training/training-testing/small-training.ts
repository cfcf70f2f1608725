import { decodeSafetensors } from "../../../arrays/safetensors.ts";
import { openNetworkTrainer, type NetworkTrainer } from "../../../training/network-trainer.ts";
import type { TensorValue, TensorValues } from "../../../runtime/session.ts";
import { randomOf } from "../../differentiate/gradient-testing/random.ts";
import { crossEntropyLoss } from "../../losses/cross-entropy-loss.ts";
import { sgd } from "../../optimisers/sgd.ts";
import type { Schedule } from "../../schedules/schedule.ts";
import { readWeight } from "../../weights/read-weight.ts";
import { countsInput, describeModelTraining, truthInput, type ModelTrainingOptions } from "../model-training.ts";
import { buildNetworkTraining } from "../network-training.ts";
import type { SmallModel } from "./small-models.ts";

export interface SmallTraining extends Partial<Omit<ModelTrainingOptions, "images" | "truth" | "model">> {
  readonly network: SmallModel;
  /** Images of a part of a batch. */
  readonly batch: number;
  readonly rateAt?: Schedule;
  /** By default as its precision needs it. */
  readonly scalesLoss?: boolean;
  readonly checkpoint?: Uint8Array | null;
  /** The values of what is no weight of the model: by default drawn. */
  readonly start?: ReadonlyMap<string, Float32Array>;
}

/** Opens the training of a small network: all of its weights by cross-entropy and SGD with momentum, where nothing else is said. */
export async function openSmallTraining(options: SmallTraining): Promise<NetworkTrainer> {
  const {
    rateAt = (step) => 0.1 / (1 + step / 10),
    checkpoint = null,
    start = new Map<string, Float32Array>(),
  } = options;
  const training = describeSmallTraining(options);
  const { spec, weights } = training;
  const own = await Promise.all(weights.map(async ({ name, tensor }) => [name, await readWeight(tensor)] as const));
  const drawn = spec.parameters.map(({ name, shape }) => [name, drawValues(name, shape)] as const);
  return openNetworkTrainer({
    training: buildNetworkTraining({ ...spec, scalesLoss: options.scalesLoss ?? spec.scalesLoss ?? false }),
    optimiser: spec.optimiser,
    rateAt,
    start: new Map([...drawn, ...own, ...start]),
    checkpoint,
    threads: 1,
  });
}

export function describeSmallTraining({ network, batch, ...options }: SmallTraining) {
  const { model, image, space } = network;
  return describeModelTraining({
    file: "small.onnx",
    features: "logits",
    top: null,
    loss: crossEntropyLoss(),
    choice: { train: ["*"] },
    optimiser: sgd({ momentum: 0.9 }),
    ...options,
    model,
    images: [{ name: "images", shape: [batch, ...image] }],
    truth: { shape: [batch, ...space], type: "int32" },
  });
}

export interface BatchSizes {
  readonly network: SmallModel;
  readonly batch: number;
  readonly parts?: number;
  /** Number of the first step: each has images of its own. */
  readonly first?: number;
  /** What each image of each part counts; by default 1. */
  readonly counts?: readonly number[];
}

/** The inputs of some steps. */
export function drawBatches(steps: number, sizes: BatchSizes): TensorValues {
  const { network, batch, parts = 1, first = 0 } = sizes;
  const { image, classes, space } = network;
  const each = parts * batch;
  const counts = sizes.counts ?? Array<number>(each).fill(1);
  const [imageSize, placeCount] = [image, space].map((shape) => shape.reduce((product, size) => product * size, 1));
  const [images, truth] = [new Float32Array(steps * each * imageSize!), new Int32Array(steps * each * placeCount!)];
  for (let step = 0; step < steps; step += 1) {
    const { fraction, integer } = randomOf(1000 * (first + step) + 7);
    const [ofImages, ofTruth] = [images, truth].map((array) => array.length / steps);
    truth.subarray(step * ofTruth!, (step + 1) * ofTruth!).forEach((_, at, own) => (own[at] = integer(0, classes - 1)));
    images.subarray(step * ofImages!, (step + 1) * ofImages!).forEach((_, at, own) => (own[at] = 2 * fraction() - 1));
  }
  const dims = (...rest: readonly number[]): readonly number[] => [
    steps,
    ...(parts === 1 ? [] : [parts]),
    batch,
    ...rest,
  ];
  const ofCounts = Float32Array.from({ length: steps * each }, (_, at) => counts[at % each]!);
  return {
    images: { data: images, dims: dims(...image) },
    [truthInput]: { data: truth, dims: dims(...space) },
    [countsInput]: { data: ofCounts, dims: dims() },
  };
}

/** The whole state of a training, by name. */
export function stateOf(trainer: NetworkTrainer): Readonly<Record<string, readonly (number | bigint)[]>> {
  const { tensors } = decodeSafetensors(trainer.checkpoint());
  return Object.fromEntries([...tensors].map(([name, { data }]) => [name, Array.from<number | bigint>(data)]));
}

/** Only some of the steps of some inputs. */
export function someSteps(inputs: TensorValues, start: number, end: number): TensorValues {
  const cut = ([name, { data, dims }]: readonly [string, TensorValue]) => {
    const each = data.length / dims[0]!;
    return [name, { data: data.slice(start * each, end * each), dims: [end - start, ...dims.slice(1)] }] as const;
  };
  return Object.fromEntries(Object.entries(inputs).map(cut));
}

function drawValues(name: string, shape: readonly number[]): Float32Array {
  const { fraction } = randomOf(Array.from(name).reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) % 65521);
  const count = shape.reduce((product, size) => product * size, 1);
  return Float32Array.from({ length: count }, () => fraction() - 0.5);
}
