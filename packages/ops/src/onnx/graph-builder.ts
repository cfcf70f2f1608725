import {
  attributeTypes,
  elementTypes,
  type OnnxAttribute,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  type ValueInfo,
} from "./onnx-model.ts";
import { elementCount, formatDimension, formatShape, sameDimension, type Shape } from "./shapes.ts";

/** The operator set of every graph that we build: the first with Gelu and with LayerNormalization of its own. */
const opsetVersion = 20;

/** The lowest format version that may carry the operator set. */
const irVersion = 9;

/** A tensor of a graph that is being built: its name in the model, and what is known of it before anything runs. */
export interface GraphTensor {
  readonly name: string;
  readonly type: "float32" | "int64";
  readonly shape: Shape;
}

/**
 * A graph that is being built. Operators are functions of it (`operators/`): they check shapes, work out the shape of their
 * result and add one node. Names are given in order, so that the same calls make the same bytes.
 */
export interface GraphBuilder {
  input(name: string, shape: Shape): GraphTensor;
  /** A weight: float32, row-major. */
  weight(name: string, values: Float32Array, shape: Shape): GraphTensor;
  /** A list of integers (axes, shapes, bounds), or one integer; equal ones are stored once. */
  integers(values: readonly number[] | number): GraphTensor;
  /** A single float. */
  scalar(value: number): GraphTensor;
  node(node: NodeSpec): GraphTensor;
  /** Makes a tensor an output of the graph, under a name of its own. */
  output(name: string, tensor: GraphTensor): void;
  toModel(graphName: string): OnnxModel;
}

/** One node with one result. */
export interface NodeSpec {
  /** The operator of ONNX's default domain. */
  readonly operator: string;
  /** Null: an optional input that is left out. */
  readonly inputs: readonly (GraphTensor | null)[];
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  readonly shape: Shape;
  readonly type?: GraphTensor["type"];
}

export type AttributeValue =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly ints: readonly number[] }
  | { readonly string: string };

export function createGraphBuilder(): GraphBuilder {
  const nodes: OnnxNode[] = [];
  const initializers = new Map<string, OnnxTensor>();
  const inputs: ValueInfo[] = [];
  const outputs: ValueInfo[] = [];

  const constant = (tensor: GraphTensor, values: Float32Array | BigInt64Array): GraphTensor => {
    initializers.set(tensor.name, {
      name: tensor.name,
      dataType: elementTypes[tensor.type],
      dims: tensor.shape.map((size) => (typeof size === "number" ? size : 0)),
      rawData: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
    });
    return tensor;
  };

  return {
    input(name, shape) {
      const tensor = { name, type: "float32", shape } as const;
      inputs.push(valueInfoOf(tensor));
      return tensor;
    },
    weight(name, values, shape) {
      if (initializers.has(name)) throw new Error(`The graph has two weights "${name}".`);
      if (!sameDimension(elementCount(shape), values.length)) {
        throw new Error(`Weight "${name}" has ${String(values.length)} values for the shape ${formatShape(shape)}.`);
      }
      return constant({ name, type: "float32", shape }, values);
    },
    integers(values) {
      const list = typeof values === "number" ? [values] : values;
      const name = `integer${typeof values === "number" ? "" : "s"}:${list.join(",")}`;
      const tensor = { name, type: "int64", shape: typeof values === "number" ? [] : [list.length] } as const;
      return initializers.has(name) ? tensor : constant(tensor, BigInt64Array.from(list.map(BigInt)));
    },
    scalar(value) {
      const tensor = { name: `float:${String(value)}`, type: "float32", shape: [] } as const;
      return initializers.has(tensor.name) ? tensor : constant(tensor, Float32Array.of(value));
    },
    node({ operator, inputs: sources, attributes = {}, shape, type = "float32" }) {
      const name = `${operator}:${String(nodes.length)}`;
      nodes.push({
        input: sources.map((source) => source?.name ?? ""),
        output: [name],
        name,
        opType: operator,
        attribute: Object.entries(attributes).map(([key, value]) => attributeOf(key, value)),
      });
      return { name, type, shape };
    },
    output(name, tensor) {
      nodes.push({ input: [tensor.name], output: [name], name, opType: "Identity" });
      outputs.push(valueInfoOf({ ...tensor, name }));
    },
    toModel: (graphName) => ({
      irVersion,
      opsetImport: [{ domain: "", version: opsetVersion }],
      producerName: "exp-lab",
      graph: { name: graphName, node: nodes, initializer: [...initializers.values()], input: inputs, output: outputs },
    }),
  };
}

function valueInfoOf({ name, type, shape }: GraphTensor): ValueInfo {
  const dim = shape.map((size) =>
    typeof size === "number" ? { dimValue: size } : { dimParam: formatDimension(size) },
  );
  return { name, type: { tensorType: { elemType: elementTypes[type], shape: { dim } } } };
}

function attributeOf(name: string, value: AttributeValue): OnnxAttribute {
  if ("int" in value) return { name, type: attributeTypes.int, i: value.int };
  if ("float" in value) return { name, type: attributeTypes.float, f: value.float };
  if ("ints" in value) return { name, type: attributeTypes.ints, ints: value.ints };
  return { name, type: attributeTypes.string, s: new TextEncoder().encode(value.string) };
}
