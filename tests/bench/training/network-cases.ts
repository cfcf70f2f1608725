import { engine } from "@exp-lab/ops";
import { hashedValues } from "../../ops/reference/hashed-weights.ts";

/** What is trained on both sides, see `python/network_step.py`. */
export type NetworkCase = "vit_s" | "conv_block" | "attention_block";

export interface CaseOptions {
  readonly batch: number;
  /** See `keptActivations` of the engine. */
  readonly kept?: number | null;
}

type Inputs = Parameters<engine.NetworkTrainer["run"]>[1];

export interface PreparedCase {
  readonly training: engine.ModelTraining;
  readonly start: ReadonlyMap<string, Float32Array>;
  /** Of one step. */
  readonly inputs: Inputs;
}

/** Network, weights and a batch. */
export async function prepareCase(name: NetworkCase, { batch, kept = null }: CaseOptions): Promise<PreparedCase> {
  const { model, input, image, features, output } = networkOf(name, batch);
  const training = engine.describeModelTraining({
    model,
    file: name,
    images: [{ name: input, shape: image }],
    features,
    top: output === null ? classifier : null,
    loss: output === null ? engine.crossEntropyLoss() : engine.meanSquaredError(),
    truth: output === null ? { shape: [batch], type: "int32" } : { shape: output },
    choice: { train: ["*"] },
    batchNorms: "batch",
    optimiser: engine.sgd({ momentum: 0.9 }),
    keptActivations: kept,
    // One step is a call of its own: a loop would only copy the state once more.
    repeat: 1,
  });
  const truth =
    output === null
      ? { data: Int32Array.from({ length: batch }, (_, example) => example % 2), dims: [1, batch] }
      : { data: given("truth", output), dims: [1, ...output] };
  return {
    training,
    start: await startOf(training),
    inputs: {
      [input]: { data: given("x", image), dims: [1, ...image] },
      truth,
      counts: { data: new Float32Array(batch).fill(1), dims: [1, batch] },
    },
  };
}

export async function openCase({ training, start }: PreparedCase, threads: number): Promise<engine.NetworkTrainer> {
  const { spec } = training;
  const rate = 1e-3;
  return engine.openNetworkTrainer({
    training: engine.buildNetworkTraining(spec),
    optimiser: spec.optimiser,
    rateAt: () => rate,
    start,
    threads,
  });
}

async function startOf({ spec, weights }: engine.ModelTraining): Promise<ReadonlyMap<string, Float32Array>> {
  const own = spec.parameters.map(({ name, shape }) => [name, weightOf(name, shape)] as const);
  const others = weights.map(async ({ name, tensor }) => [name, await engine.readWeight(tensor)] as const);
  return new Map([...(await Promise.all(others)), ...own]);
}

interface CaseNetwork {
  readonly model: engine.OnnxModel;
  readonly input: string;
  readonly image: readonly number[];
  readonly features: string;
  /** The shape of what is compared with the truth; null where classes are. */
  readonly output: readonly number[] | null;
}

function networkOf(name: NetworkCase, batch: number): CaseNetwork {
  switch (name) {
    case "vit_s": {
      const sizes = { imageSize: 224, patchSize: 14, width: 384, depth: 12, heads: 6, mlpRatio: 4 };
      const model = engine.buildVitGraph(sizes, weightOf);
      return { model, input: engine.vitInput, image: [batch, 3, 224, 224], features: "cls_1", output: null };
    }
    case "attention_block":
      return blockOf([batch, 257, 384], attentionBlock);
    case "conv_block":
      return blockOf([batch, 64, 56, 56], convBlock);
  }
}

type Add = (block: Block) => engine.GraphTensor;

interface Block {
  readonly graph: engine.GraphScope;
  readonly x: engine.GraphTensor;
  readonly weight: (name: string, shape: readonly number[]) => engine.GraphTensor;
}

function blockOf(shape: readonly number[], add: Add): CaseNetwork {
  const graph = engine.createGraphBuilder();
  const weight: Block["weight"] = (name, sizes) => graph.weight(name, weightOf(name, sizes), sizes);
  graph.output("y", add({ graph, x: graph.input("x", shape), weight }));
  return { model: graph.toModel("block"), input: "x", image: shape, features: "y", output: shape };
}

const convBlock: Add = ({ graph, x, weight }) => {
  const norm = (y: engine.GraphTensor, name: string): engine.GraphTensor =>
    engine.frozenBatchNormalization(graph, y, {
      scale: weight(`${name}.weight`, [64]),
      bias: weight(`${name}.bias`, [64]),
      mean: weight(`${name}.running_mean`, [64]),
      variance: weight(`${name}.running_var`, [64]),
      epsilon: 1e-5,
    });
  const convolve = (y: engine.GraphTensor, name: string): engine.GraphTensor => {
    const kernel = weight(`${name}.weight`, [64, 64, 3, 3]);
    return engine.convolution(graph, y, { weight: kernel, steps: [{ before: 1, after: 1 }] });
  };
  const inner = engine.relu(graph, norm(convolve(x, "conv1"), "bn1"));
  return engine.relu(graph, engine.add(graph, norm(convolve(inner, "conv2"), "bn2"), x));
};

const attentionBlock: Add = ({ graph, x }) => {
  const sizes = { imageSize: 224, patchSize: 14, width: 384, depth: 1, heads: 6, mlpRatio: 4 };
  return engine.addVitBlock({ graph, sizes, make: weightOf }, x, "block");
};

const classifier = {
  parameters: [
    { name: "head.weight", shape: [2, 384] },
    { name: "head.bias", shape: [2] },
  ],
  predict: (
    graph: engine.GraphScope,
    features: engine.GraphTensor,
    read: (name: string) => engine.GraphTensor,
  ): engine.GraphTensor => engine.linear(graph, features, { weight: read("head.weight"), bias: read("head.bias") }),
};

/** Norms at 1 and 0; what has several axes by its fan-in. */
function weightOf(name: string, shape: readonly number[]): Float32Array {
  const count = shape.reduce((product, size) => product * size, 1);
  if (shape.length === 1) {
    const isOne = name.endsWith("weight") || name.endsWith("running_var");
    return new Float32Array(count).fill(isOne ? 1 : 0);
  }
  const scale = Math.sqrt(3 / shape.slice(1).reduce((product, size) => product * size, 1));
  return Float32Array.from(hashedValues(name, count), (value) => value * scale);
}

function given(name: string, shape: readonly number[]): Float32Array {
  return Float32Array.from(
    hashedValues(
      name,
      shape.reduce((product, size) => product * size, 1),
    ),
  );
}
