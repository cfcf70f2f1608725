import { createHash } from "node:crypto";
import { pruneNodes } from "./prune-nodes.ts";
import {
  attributeTypes,
  elementTypes,
  type OnnxAttribute,
  type OnnxGraph,
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
  readonly type: GraphType;
  readonly shape: Shape;
}

/** `float64` serves the checks of gradients; everything that is computed for a user is float32. */
export type GraphType = FloatType | "int32" | "int64" | "bool";

export type FloatType = "float32" | "float64";

/**
 * A graph that is being built. Operators are functions of it (`operators/`): they check shapes, work out the shape of their
 * result and add one node. Names are given in order, so that the same calls make the same bytes.
 */
export interface GraphBuilder {
  /** What has been added so far, every node after those whose results it takes. */
  readonly nodes: readonly GraphNode[];
  input(name: string, shape: Shape, type?: GraphType): GraphTensor;
  /** A weight: float32, row-major. */
  weight(name: string, values: Float32Array, shape: Shape): GraphTensor;
  /** A list of integers (axes, shapes, bounds), or one integer; equal ones are stored once. */
  integers(values: readonly number[] | number): GraphTensor;
  /** The values of a tensor that `integers` made; null for any other. */
  integersOf(tensor: GraphTensor): readonly number[] | null;
  /** A single float. */
  scalar(value: number, type?: FloatType): GraphTensor;
  /** A list of floats; equal ones are stored once. */
  floats(values: readonly number[], type?: FloatType): GraphTensor;
  /** The values of a tensor that `floats` or `scalar` made; null for any other. */
  floatsOf(tensor: GraphTensor): readonly number[] | null;
  node(node: NodeSpec): GraphTensor;
  nodeWithResults(node: Omit<NodeSpec, "shape" | "type">, results: readonly ResultSpec[]): readonly GraphTensor[];
  /** A graph inside a node of this one, e.g. what a loop repeats. It may use this graph's tensors, and shares its weights. */
  body(): GraphBody;
  /** Makes a tensor an output of the graph, under a name of its own. */
  output(name: string, tensor: GraphTensor): void;
  /** The model with the nodes that its outputs need, and no others. */
  toModel(graphName: string): OnnxModel;
}

export interface GraphBody {
  readonly graph: Omit<GraphBuilder, "output" | "toModel">;
  /** The body with these outputs, in this order. */
  toGraph(outputs: readonly GraphTensor[]): OnnxGraph;
}

/** What operators and gradients need of a graph: a whole one or a body. */
export type GraphScope = GraphBody["graph"];

/** One node as it was added. */
export interface GraphNode {
  readonly name: string;
  readonly operator: string;
  readonly inputs: readonly (GraphTensor | null)[];
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly outputs: readonly GraphTensor[];
}

/** One node with one result. */
export interface NodeSpec {
  /** The operator of ONNX's default domain. */
  readonly operator: string;
  /** Null: an optional input that is left out. */
  readonly inputs: readonly (GraphTensor | null)[];
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  readonly shape: Shape;
  /** By default that of the first input. */
  readonly type?: GraphType;
}

export interface ResultSpec {
  readonly shape: Shape;
  readonly type: GraphType;
}

export type AttributeValue =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly ints: readonly number[] }
  | { readonly string: string }
  | { readonly tensor: OnnxTensor }
  | { readonly graph: OnnxGraph };

export function createGraphBuilder(): GraphBuilder {
  const constants = createConstants();
  const scope = createScope(constants, "");
  const outputs: GraphTensor[] = [];
  const identities: OnnxNode[] = [];
  return {
    ...scope.graph,
    output(name, tensor) {
      identities.push({ input: [tensor.name], output: [name], name, opType: "Identity" });
      outputs.push({ ...tensor, name });
    },
    toModel: (graphName) => ({
      irVersion,
      opsetImport: [{ domain: "", version: opsetVersion }],
      producerName: "exp-lab",
      graph: {
        name: graphName,
        node: pruneNodes(
          [...scope.nodes, ...identities],
          outputs.map(({ name }) => name),
        ),
        initializer: [...constants.tensors.values()],
        input: scope.inputs,
        output: outputs.map(valueInfoOf),
      },
    }),
  };
}

interface Constants {
  readonly tensors: Map<string, OnnxTensor>;
  readonly integers: Map<string, readonly number[]>;
  readonly floats: Map<string, readonly number[]>;
  /** How many bodies were begun: each has a prefix of its own, as names are one space from the outermost graph inwards. */
  bodies: number;
}

function createConstants(): Constants {
  return { tensors: new Map(), integers: new Map(), floats: new Map(), bodies: 0 };
}

interface Scope {
  readonly graph: GraphScope;
  readonly nodes: readonly OnnxNode[];
  readonly inputs: readonly ValueInfo[];
}

function createScope(constants: Constants, prefix: string): Scope {
  const added: GraphNode[] = [];
  const nodes: OnnxNode[] = [];
  const inputs: ValueInfo[] = [];

  const addNode = (spec: Omit<NodeSpec, "shape" | "type">, results: readonly ResultSpec[]): readonly GraphTensor[] => {
    const { operator, inputs: sources, attributes = {} } = spec;
    const name = `${prefix}${operator}:${String(nodes.length)}`;
    const outputs = results.map((result, place) => ({ ...result, name: place === 0 ? name : `${name}:${place}` }));
    added.push({ name, operator, inputs: sources, attributes, outputs });
    nodes.push({
      input: sources.map((source) => source?.name ?? ""),
      output: outputs.map((output) => output.name),
      name,
      opType: operator,
      attribute: Object.entries(attributes).map(([key, value]) => attributeOf(key, value)),
    });
    return outputs;
  };

  const graph: GraphScope = {
    nodes: added,
    input(name, shape, type = "float32") {
      const tensor = { name: `${prefix}${name}`, type, shape };
      inputs.push(valueInfoOf(tensor));
      return tensor;
    },
    ...constantsOf(constants),
    node(spec) {
      const type = spec.type ?? spec.inputs[0]?.type ?? "float32";
      const [result] = addNode(spec, [{ shape: spec.shape, type }]);
      return result!;
    },
    nodeWithResults: addNode,
    body() {
      constants.bodies++;
      const inner = createScope(constants, `body${String(constants.bodies)}/`);
      return { graph: inner.graph, toGraph: (outputs) => bodyGraphOf(inner, outputs) };
    },
  };
  return { graph, nodes, inputs };
}

type ConstantMakers = Pick<GraphScope, "weight" | "integers" | "integersOf" | "scalar" | "floats" | "floatsOf">;

function constantsOf({ tensors, integers, floats: lists }: Constants): ConstantMakers {
  const store = (tensor: GraphTensor, values: Float32Array | Float64Array | BigInt64Array): GraphTensor => {
    tensors.set(tensor.name, {
      name: tensor.name,
      dataType: elementTypes[tensor.type],
      dims: tensor.shape.map((size) => (typeof size === "number" ? size : 0)),
      rawData: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
    });
    return tensor;
  };
  const floats = (name: string, values: readonly number[], { type, shape }: ResultSpec): GraphTensor => {
    const tensor = { name, type, shape };
    if (tensors.has(name)) return tensor;
    lists.set(name, [...values]);
    return store(tensor, type === "float64" ? Float64Array.from(values) : Float32Array.from(values));
  };
  const kindOf = (type: FloatType): string => (type === "float32" ? "float" : type);
  return {
    weight(name, values, shape) {
      if (tensors.has(name)) throw new Error(`The graph has two weights "${name}".`);
      if (!sameDimension(elementCount(shape), values.length)) {
        throw new Error(`Weight "${name}" has ${String(values.length)} values for the shape ${formatShape(shape)}.`);
      }
      return store({ name, type: "float32", shape }, values);
    },
    integers(values) {
      const list = typeof values === "number" ? [values] : values;
      const name = `integer${typeof values === "number" ? "" : "s"}:${list.join(",")}`;
      const tensor = { name, type: "int64", shape: typeof values === "number" ? [] : [list.length] } as const;
      if (tensors.has(name)) return tensor;
      integers.set(name, [...list]);
      return store(tensor, BigInt64Array.from(list.map(BigInt)));
    },
    integersOf: ({ name }) => integers.get(name) ?? null,
    scalar: (value, type = "float32") => floats(`${kindOf(type)}:${String(value)}`, [value], { type, shape: [] }),
    floats: (values, type = "float32") =>
      floats(`${kindOf(type)}s:${nameOf(values)}`, values, { type, shape: [values.length] }),
    floatsOf: ({ name }) => lists.get(name) ?? null,
  };
}

/** Short lists are told by their values, long ones (a matrix) by a hash of them. */
function nameOf(values: readonly number[]): string {
  if (values.length <= longestName) return values.join(",");
  return createHash("sha256").update(Float64Array.from(values)).digest("hex").slice(0, 32);
}

const longestName = 1024;

/** What is no node's result, or an output twice, passes through an Identity: outputs of a body are results of its own nodes. */
function bodyGraphOf({ nodes, inputs }: Scope, outputs: readonly GraphTensor[]): OnnxGraph {
  const own = new Set(nodes.flatMap((node) => node.output ?? []));
  const identities: OnnxNode[] = [];
  const results = outputs.map((tensor, place) => {
    if (own.delete(tensor.name)) return tensor;
    const name = `${inputs[0]?.name ?? "body"}:output${String(place)}`;
    identities.push({ input: [tensor.name], output: [name], name, opType: "Identity" });
    return { ...tensor, name };
  });
  return {
    name: "body",
    node: pruneNodes(
      [...nodes, ...identities],
      results.map(({ name }) => name),
    ),
    input: inputs,
    output: results.map(valueInfoOf),
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
  if ("tensor" in value) return { name, type: attributeTypes.tensor, t: value.tensor };
  if ("graph" in value) return { name, type: attributeTypes.graph, g: value.graph };
  return { name, type: attributeTypes.string, s: new TextEncoder().encode(value.string) };
}
