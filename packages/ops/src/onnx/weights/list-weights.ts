import { elementTypeOf } from "../element-values.ts";
import type { ElementType, OnnxFunction, OnnxModel, OnnxNode, OnnxTensor } from "../onnx-model.ts";
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
  const nodes = wanted === null ? (graph.node ?? []) : pruneNodes(graph.node ?? [], wanted);
  const read = namesReadByAll(nodes);
  const taken = usesIn(nodes, functions);
  return (graph.initializer ?? []).flatMap((tensor) => {
    const [name, type] = [tensor.name ?? "", elementTypeOf(tensor.dataType)];
    if (type === null || !read.has(name)) return [];
    const shape = (tensor.dims ?? []).map(numberOf);
    const use = taken.get(name) ?? null;
    const isWeight = type.startsWith("float") && (use === "layer" || shape.some((size) => size !== 1));
    const role = use === "moment" || use === "constant" ? use : isWeight ? "weight" : "constant";
    return [{ name, shape, type, role, tensor }];
  });
}

/** What a tensor is taken for, as far as operators tell; of several uses the first in this list holds. */
const uses = ["moment", "constant", "layer"] as const;

type Use = (typeof uses)[number];

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

/** What nodes take their inputs for. A function takes its own for what the nodes in it do. */
function usesIn(nodes: readonly OnnxNode[], functions: readonly OnnxFunction[]): ReadonlyMap<string, Use> {
  const found = new Map<string, Use>();
  const note = (name: string, use: Use | undefined): void => {
    const known = found.get(name);
    if (use !== undefined && (known === undefined || uses.indexOf(use) < uses.indexOf(known))) found.set(name, use);
  };
  for (const { opType = "", domain = "", input = [] } of nodes.flatMap(withInner)) {
    const called = functions.find((each) => each.name === opType && (each.domain ?? "") === domain);
    const inside = called === undefined ? null : usesIn(called.node ?? [], functions);
    input.forEach((name, place) => {
      note(name, inside === null ? useOf(opType, place) : inside.get(called?.input?.[place] ?? ""));
    });
  }
  return found;
}

function useOf(operator: string, place: number): Use | undefined {
  if (operator === "BatchNormalization" && place >= 3) return "moment";
  if (constantInputs[operator]?.includes(place) === true) return "constant";
  return layerOperators.has(operator) ? "layer" : undefined;
}
