import { createConstants, type ConstantStore, type GraphConstants } from "./graph-constants.ts";
import { nameOutputs } from "./name-outputs.ts";
import { namesReadByAll, pruneNodes } from "./prune-nodes.ts";
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
import { formatDimension, formatShape, type Shape } from "./shapes.ts";

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

export type GraphType = FloatType | "int32" | "int64" | "bool";

/** `float64` serves the checks of gradients; what is computed for a user is float32, or float16 where a program says so. */
export type FloatType = "float32" | "float64" | "float16";

export function isFloat({ type }: GraphTensor): boolean {
  return type === "float32" || type === "float64" || type === "float16";
}

/** @throws Error for a tensor of whole numbers or truth values: it has no gradient */
export function floatTypeOf({ name, type }: GraphTensor): FloatType {
  if (type === "float32" || type === "float64" || type === "float16") return type;
  throw new Error(`The tensor ${name} is of type ${type}, which has no gradient.`);
}

/**
 * A graph that is being built. Operators are functions of it (`operators/`): they check shapes, work out the shape of their
 * result and add one node. Names are given in order, so that the same calls make the same bytes.
 */
export interface GraphBuilder extends GraphConstants {
  /** What has been added so far, every node after those whose results it takes. */
  readonly nodes: readonly GraphNode[];
  input(name: string, shape: Shape, type?: GraphType): GraphTensor;
  node(node: NodeSpec): GraphTensor;
  nodeWithResults(node: BareNode, results: readonly ResultSpec[]): readonly GraphTensor[];
  /** The same graph, whose nodes say from now on where they come from: a node of a model file, for messages. */
  from(origin: string): GraphScope;
  /** A graph inside a node of this one, e.g. what a loop repeats. It may use this graph's tensors, and shares its weights. */
  body(): GraphBody;
  /** Makes a tensor an output of the graph, under a name of its own. */
  output(name: string, tensor: GraphTensor): void;
  /** The model with the nodes and constants that its outputs need, and no others. */
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
  /** The node of a model file that it was made of; null for one that only we know of. */
  readonly origin: string | null;
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

/** A node whose results are described apart. */
export type BareNode = Omit<NodeSpec, "shape" | "type">;

export interface ResultSpec {
  readonly shape: Shape;
  readonly type: GraphType;
}

export type AttributeValue =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly ints: readonly number[] }
  | { readonly floats: readonly number[] }
  | { readonly string: string }
  | { readonly tensor: OnnxTensor }
  | { readonly graph: OnnxGraph };

export function createGraphBuilder(): GraphBuilder {
  const constants = createConstants();
  const scope = createScope({ constants, bodies: { count: 0 } }, "");
  const outputs: GraphTensor[] = [];
  const identities: OnnxNode[] = [];
  return {
    ...scope.graph,
    output(name, tensor) {
      identities.push({ input: [tensor.name], output: [name], name, opType: "Identity" });
      outputs.push({ ...tensor, name });
    },
    toModel(graphName) {
      const node = nameOutputs(pruneNodes(scope.nodes, copied(identities)), identities);
      const read = namesReadByAll(node);
      return {
        irVersion,
        opsetImport: [{ domain: "", version: opsetVersion }],
        producerName: "exp-lab",
        graph: {
          name: graphName,
          node,
          initializer: [...constants.tensors.values()].filter(({ name = "" }) => read.has(name)),
          input: scope.inputs,
          output: outputs.map(valueInfoOf),
        },
      };
    },
  };
}

function copied(identities: readonly OnnxNode[]): readonly string[] {
  return identities.flatMap(({ input = [] }) => input);
}

/** What all scopes of one graph share. */
interface Shared {
  readonly constants: ConstantStore;
  /** How many bodies were begun: each has a prefix of its own, as names are one space from the outermost graph inwards. */
  readonly bodies: { count: number };
}

interface Scope {
  readonly graph: GraphScope;
  readonly nodes: readonly OnnxNode[];
  readonly inputs: readonly ValueInfo[];
}

function createScope(shared: Shared, prefix: string): Scope {
  const added: GraphNode[] = [];
  const nodes: OnnxNode[] = [];
  const inputs: ValueInfo[] = [];

  const addNode = (spec: BareNode, results: readonly ResultSpec[], origin: string | null): readonly GraphTensor[] => {
    const { operator, inputs: sources, attributes = {} } = spec;
    for (const { shape } of results) requireSizes(operator, shape);
    const name = `${prefix}${operator}:${String(nodes.length)}`;
    const outputs = results.map((result, place) => ({ ...result, name: place === 0 ? name : `${name}:${place}` }));
    const node = { name, operator, inputs: sources, attributes, outputs, origin };
    added.push(node);
    nodes.push(toOnnxNode(node));
    return outputs;
  };

  const viewFrom = (origin: string | null): GraphScope => ({
    ...shared.constants.makers,
    nodes: added,
    input(name, shape, type = "float32") {
      const tensor = { name: `${prefix}${name}`, type, shape };
      inputs.push(valueInfoOf(tensor));
      return tensor;
    },
    node(spec) {
      const type = spec.type ?? spec.inputs[0]?.type ?? "float32";
      const [result] = addNode(spec, [{ shape: spec.shape, type }], origin);
      return result!;
    },
    nodeWithResults: (spec, results) => addNode(spec, results, origin),
    from: viewFrom,
    body() {
      shared.bodies.count += 1;
      const inner = createScope(shared, `body${String(shared.bodies.count)}/`);
      return { graph: inner.graph, toGraph: (outputs) => bodyGraphOf(inner, outputs) };
    },
  });
  return { graph: viewFrom(null), nodes, inputs };
}

/** What does not go into a shape, or ends before it begins, shows here at the latest. */
function requireSizes(operator: string, shape: Shape): void {
  if (shape.every((size) => typeof size !== "number" || (Number.isInteger(size) && size >= 0))) return;
  throw new Error(`${operator} would give the shape ${formatShape(shape)}.`);
}

/** The node as a model has it. */
export function toOnnxNode({ name, operator, inputs, attributes, outputs }: GraphNode): OnnxNode {
  return {
    input: inputs.map((input) => input?.name ?? ""),
    output: outputs.map((output) => output.name),
    name,
    opType: operator,
    attribute: Object.entries(attributes).map(([key, value]) => attributeOf(key, value)),
  };
}

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
  if ("floats" in value) return { name, type: attributeTypes.floats, floats: value.floats };
  if ("ints" in value) return { name, type: attributeTypes.ints, ints: value.ints };
  if ("tensor" in value) return { name, type: attributeTypes.tensor, t: value.tensor };
  if ("graph" in value) return { name, type: attributeTypes.graph, g: value.graph };
  return { name, type: attributeTypes.string, s: new TextEncoder().encode(value.string) };
}
