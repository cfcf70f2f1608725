import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { OnnxModel, OnnxTensor } from "../../../packages/ops/src/onnx/onnx-model.ts";
import { hashedValues } from "./hashed-weights.ts";

/** A tiny network that `networks.py` trained with PyTorch in float64: what it is, and what came out. */
export interface NetworkFixture extends NetworkSettings {
  readonly name: string;
  /** Of the first batch, at the initial values. */
  readonly logits: Float32Array;
  /** The same with batch norms frozen; null where `logits` are that already. */
  readonly frozenLogits: Float32Array | null;
  /** Of the first step, by parameter. */
  readonly gradient: NamedValues;
  /** After the last step, by parameter. */
  readonly final: NamedValues;
  /** The running moments after the last step; null where they stay as they were. */
  readonly finalMoments: NamedValues | null;
}

export interface NetworkSettings {
  /** Channels, height, width. */
  readonly image: readonly [number, number, number];
  readonly classes: number;
  /** Means over the batch; the second is MONAI's `DiceCELoss` of the softmax, background included, and labels each pixel. */
  readonly loss: "cross-entropy" | "dice-cross-entropy";
  /** How the network is trained, whatever a graph of it says. */
  readonly batchNorm: "none" | "training" | "frozen";
  readonly optimiser: SgdSettings | AdamwSettings;
  /** Step t takes batch t modulo `batches`. */
  readonly steps: number;
  readonly batches: number;
  readonly batchSize: number;
  /** Shapes, in PyTorch's order. */
  readonly parameters: Shapes;
  /** Shapes of what batch norms keep. */
  readonly moments: Shapes;
  /** By step. */
  readonly losses: Readonly<Record<string, number>>;
  /** Euclidean distance between the first and the last parameters, all taken as one vector. */
  readonly moved: number;
  /** How far PyTorch ended from `final` in float32. */
  readonly float32Distance: number;
  /** The largest such distance of more runs, whose initial values were one float32 up or down at random. */
  readonly nudgedDistance: number;
  /** By exporter. */
  readonly graphs: Readonly<Record<string, ExportedGraph>>;
}

/** Weight decay is added to the gradient. */
export interface SgdSettings {
  readonly name: "sgd";
  readonly rate: number;
  readonly momentum: number;
  readonly weightDecay: number;
}

/** Weight decay is not part of the gradient; every parameter has it. */
export interface AdamwSettings {
  readonly name: "adamw";
  readonly rate: number;
  readonly betas: readonly [number, number];
  readonly epsilon: number;
  readonly weightDecay: number;
}

export interface ExportedGraph {
  readonly opset: number;
  /** Whether its batch norms take the batch's own moments. */
  readonly isTraining: boolean;
  /** How many nodes there are of each. */
  readonly operators: Readonly<Record<string, number>>;
  /** By initialiser: whose values it has. What is not named here was made of several, and keeps its values. */
  readonly initializers: Readonly<Record<string, InitializerSource>>;
}

export interface InitializerSource {
  readonly parameter: string;
  readonly transposed: boolean;
}

export type Shapes = Readonly<Record<string, readonly number[]>>;
export type NamedValues = ReadonlyMap<string, Float32Array>;

/** Arrays are base64 of float32, one tensor after the other. */
interface StoredNetwork extends NetworkSettings {
  readonly logits: string;
  readonly frozenLogits: string | null;
  readonly gradient: string;
  readonly final: string;
  readonly finalMoments: string | null;
}

export function readNetworks(): readonly NetworkFixture[] {
  const { networks } = JSON.parse(readFileSync(new URL("networks.json", import.meta.url), "utf8")) as {
    readonly networks: Readonly<Record<string, StoredNetwork>>;
  };
  return Object.entries(networks).map(([name, stored]) => ({
    ...stored,
    name,
    logits: floatsOf(stored.logits),
    frozenLogits: stored.frozenLogits === null ? null : floatsOf(stored.frozenLogits),
    gradient: byName(stored.parameters, stored.gradient),
    final: byName(stored.parameters, stored.final),
    finalMoments: stored.finalMoments === null ? null : byName(stored.moments, stored.finalMoments),
  }));
}

/**
 * The graph as it was exported, at the initial values.
 * @param readModel the package's, whose inside only its own tests may import
 */
export async function readNetworkGraph(
  network: NetworkFixture,
  exporter: string,
  readModel: (bytes: Uint8Array, name: string) => Promise<OnnxModel>,
): Promise<OnnxModel> {
  const file = `${network.name}.${exporter}.onnx`;
  const sources = network.graphs[exporter]?.initializers;
  if (sources === undefined) throw new Error(`There is no ${file}.`);
  const model = await readModel(await readFile(new URL(`networks/${file}`, import.meta.url)), file);
  const shapes = { ...network.parameters, ...network.moments };
  const fill = (tensor: OnnxTensor): OnnxTensor => {
    const source = sources[tensor.name ?? ""];
    return source === undefined ? tensor : { ...tensor, rawData: bytesOf(source, shapes[source.parameter] ?? []) };
  };
  return { ...model, graph: { ...model.graph, initializer: (model.graph.initializer ?? []).map(fill) } };
}

/** What a parameter or a moment begins at. */
export function initialValues(name: string, shape: readonly number[]): Float32Array {
  const values = hashedValues(name, sizeOf(shape));
  if (shape.length === 1) {
    const centre = centres.find(([suffix]) => name.endsWith(suffix))?.[1] ?? 0;
    return Float32Array.from(values, (value) => centre + 0.2 * value);
  }
  const scale = Math.sqrt((shape.length === 4 ? 6 : 3) / sizeOf(shape.slice(1)));
  return Float32Array.from(values, (value) => value * scale);
}

/** Of tensors of one axis, by how their names end. */
const centres = [
  ["weight", 0.5],
  ["bias", 0.8],
  ["gamma", 1],
  ["running_var", 1],
] as const;

function bytesOf({ parameter, transposed }: InitializerSource, shape: readonly number[]): Uint8Array {
  const values = initialValues(parameter, shape);
  const [rows = 1, columns = 1] = shape;
  const turned = (_: unknown, index: number): number => values[(index % rows) * columns + Math.floor(index / rows)]!;
  return new Uint8Array((transposed ? Float32Array.from(values, turned) : values).buffer);
}

function byName(shapes: Shapes, base64: string): NamedValues {
  const values = floatsOf(base64);
  const found = new Map<string, Float32Array>();
  let start = 0;
  for (const [name, shape] of Object.entries(shapes)) {
    found.set(name, values.subarray(start, (start += sizeOf(shape))));
  }
  return found;
}

function floatsOf(base64: string): Float32Array {
  return new Float32Array(new Uint8Array(Buffer.from(base64, "base64")).buffer);
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
