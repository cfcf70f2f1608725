import { elementTypeOf } from "../element-values.ts";
import type { ElementType, OnnxModel, OnnxNode, OnnxTensor } from "../onnx-model.ts";
import { namesReadByAll, pruneNodes } from "../prune-nodes.ts";
import { numberOf } from "../read-model.ts";

/** An initialiser of a model file. */
export interface ModelWeight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: ElementType;
  /**
   * `weight`: can be trained. `moment`: a running mean or variance, which a batch normalisation moves. `constant`: anything else, e.g.
   * sizes, bounds and scales that are part of a formula.
   */
  readonly role: "weight" | "moment" | "constant";
  readonly tensor: OnnxTensor;
}

/**
 * The initialisers of a model with what each is for: a weight is a tensor of several floats, or a single one of a layer, unless an
 * operator takes it as its moments or as something that has no gradient.
 * @param wanted only those that one of these tensors depends on; by default those that any node reads
 */
export function listWeights(
  { graph, functions = [] }: OnnxModel,
  wanted: readonly string[] | null = null,
): readonly ModelWeight[] {
  const roles = new Map<string, "moment" | "constant">();
  const nodes = wanted === null ? (graph.node ?? []) : pruneNodes(graph.node ?? [], wanted);
  const read = namesReadByAll(nodes);
  const bodies = [...nodes, ...functions.flatMap(({ node = [] }) => node)];
  const all = bodies.flatMap(withInner);
  for (const node of all) noteRoles(roles, node);
  const layers = new Set(
    all.filter(({ opType = "" }) => layerOperators.has(opType)).flatMap(({ input = [] }) => input),
  );
  return (graph.initializer ?? []).flatMap((tensor) => {
    const [name, type] = [tensor.name ?? "", elementTypeOf(tensor.dataType)];
    if (type === null || !read.has(name)) return [];
    const shape = (tensor.dims ?? []).map(numberOf);
    const isNumber = shape.every((size) => size === 1) && !layers.has(name);
    const role = roles.get(name) ?? (type.startsWith("float") && !isNumber ? "weight" : "constant");
    return [{ name, shape, type, role, tensor }];
  });
}

function withInner(node: OnnxNode): readonly OnnxNode[] {
  const inner = (node.attribute ?? []).flatMap(({ g }) => (g == null ? [] : (g.node ?? [])));
  return [node, ...inner.flatMap(withInner)];
}

/** Operators whose single numbers are weights, e.g. the bias of a layer with one output; elsewhere they are part of a formula. */
const layerOperators: ReadonlySet<string> = new Set([
  "Conv",
  "ConvTranspose",
  "Gemm",
  "MatMul",
  "BatchNormalization",
  "InstanceNormalization",
  "GroupNormalization",
  "LayerNormalization",
]);

/** Operators of which only the first input, or the first and third, has a gradient. */
const constantInputs: Readonly<Record<string, readonly number[]>> = {
  Clip: [1, 2],
  Resize: [1, 2, 3],
  Upsample: [1],
  Pad: [1, 2],
  Pow: [1],
  OneHot: [1, 2],
};

function noteRoles(roles: Map<string, "moment" | "constant">, { opType = "", input = [] }: OnnxNode): void {
  if (opType === "BatchNormalization") for (const name of input.slice(3, 5)) roles.set(name, "moment");
  for (const place of constantInputs[opType] ?? []) {
    const name = input[place];
    if (name !== undefined && !roles.has(name)) roles.set(name, "constant");
  }
}
