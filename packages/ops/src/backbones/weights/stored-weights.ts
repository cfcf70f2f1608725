import { OpError } from "../../op-error.ts";
import type { GraphScope, GraphTensor } from "../../onnx/graph-builder.ts";
import { elementTypes, type OnnxTensor } from "../../onnx/onnx-model.ts";
import { cast } from "../../onnx/operators/conversions.ts";
import type { NetworkWeights } from "./network-weights.ts";
import type { NamedWeights } from "./name-weights.ts";
import { weightBytes, type StoredWeight } from "./weight-table.ts";

/** Where a graph says that external values lie: the number of the file among `WeightTable.paths`. */
export function locationOf(path: number): string {
  return `weights-${String(path)}`;
}

/**
 * Weights that stay in their file: each becomes a tensor of the graph that says where its values lie, cast to float32 where the file has
 * another type. Only those that do not lie as ONNX wants them (compressed, strided) are copied into the graph.
 */
export function storedWeights(graph: GraphScope, named: NamedWeights): NetworkWeights {
  const made = new Map<string, GraphTensor>();
  return {
    get(name, shape) {
      const known = made.get(name);
      const found = findWeight(named, name, shape);
      if (known !== undefined) return known;
      const stored = graph.stored(tensorOf(name, { ...found, shape }, named));
      const tensor = stored.type === "float32" ? stored : cast(graph, stored, "float32");
      made.set(name, tensor);
      return tensor;
    },
    has: (name) => named.weights.has(name),
    shapeOf: (name) => named.weights.get(name)?.stored.shape ?? null,
  };
}

function findWeight({ file, weights, naming }: NamedWeights, name: string, shape: readonly number[]): StoredWeight {
  const found = weights.get(name);
  if (found === undefined) {
    throw new OpError(
      "weights-missing",
      `${file} has no weight "${name}" (read by the names of ${naming}), which this backbone needs with the shape ${listed(shape)}.`,
      "Name weights of the same architecture, or the constructor that they belong to.",
    );
  }
  const { stored, original, isReshaped } = found;
  const fits = isReshaped ? countOf(stored.shape) === countOf(shape) : listed(stored.shape) === listed(shape);
  if (fits) return stored;
  throw new OpError(
    "weights-shape",
    `The weight "${original}" of ${file} has the shape ${listed(stored.shape)}, where this backbone needs ${listed(shape)}.`,
    "Name the constructor of that size, or say its sizes where the constructor takes them.",
  );
}

function tensorOf(name: string, { type, shape, place }: StoredWeight, named: NamedWeights): OnnxTensor {
  if (type !== "float32" && type !== "float16" && type !== "float64") {
    const values = named.floats.get(name);
    if (values === undefined) throw new Error(`The weight ${name} was not read.`);
    const rawData = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    return { name, dataType: elementTypes.float32, dims: shape, rawData };
  }
  const dataType = elementTypes[type];
  if (place.kind === "apart") {
    const rawData = named.bytes.get(name);
    if (rawData === undefined) throw new Error(`The weight ${name} was not read.`);
    return { name, dataType, dims: shape, rawData };
  }
  const entries = { location: locationOf(place.path), offset: place.offset, length: weightBytes({ type, shape }) };
  const externalData = Object.entries(entries).map(([key, value]) => ({ key, value: String(value) }));
  return { name, dataType, dims: shape, dataLocation: 1, externalData };
}

function countOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

function listed(shape: readonly number[]): string {
  return `[${shape.join(", ")}]`;
}
