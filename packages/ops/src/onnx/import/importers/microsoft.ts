import { floatAttribute, floatsAttribute, integerAttribute, textAttribute } from "../../attributes.ts";
import type { GraphScope, GraphTensor } from "../../graph-builder.ts";
import { gelu, geluByTanh, hardSigmoid, leakyRelu, relu, sigmoid, tanh } from "../../operators/activations.ts";
import { add, multiply, reciprocal, squareRoot, subtract } from "../../operators/arithmetic.ts";
import { clip } from "../../operators/choices.ts";
import { scalarLike } from "../../operators/filling.ts";
import { split, transpose } from "../../operators/layout.ts";
import { meanKeepingAxes } from "../../operators/reductions.ts";
import { fixedSizeAt } from "../../shapes.ts";
import { inputAt, ofOne, type ImportCall, type Importer, type NamedImporter } from "../importer.ts";
import { fusedAttentionImporters } from "./fused-attention.ts";
import { normalisationImporters } from "./normalisations.ts";
import { productImporters } from "./products.ts";
import { windowImporters } from "./windows.ts";

/** The operators of the domain `com.microsoft` that onnxruntime and its tools write in place of several of ONNX's own. */
export const microsoftImporters: ReadonlyMap<string, Importer> = new Map([
  ["Gelu", ofOne(({ graph }, x) => gelu(graph, x))],
  ["BiasGelu", ofOne((call, x) => gelu(call.graph, add(call.graph, x, inputAt(call, 1))))],
  ["FastGelu", ofOne((call, x) => geluByTanh(call.graph, plus(call, x, [1])))],
  [
    "QuickGelu",
    ofOne((call, x) => {
      const { graph } = call;
      const steep = multiply(graph, x, scalarLike(graph, x, floatAttribute(call, "alpha", 1.702)));
      return multiply(graph, x, sigmoid(graph, steep));
    }),
  ],
  [
    "BiasSplitGelu",
    ofOne((call, x) => {
      const { graph } = call;
      const [axis, half] = [x.shape.length - 1, fixedSizeAt(x.shape, -1) / 2];
      const [values, gates] = split(graph, plus(call, x, [1]), { axis, lengths: [half, half] });
      return multiply(graph, values!, gelu(graph, gates!));
    }),
  ],
  ["BiasAdd", ofOne((call, x) => plus(call, x, [1, 2]))],
  ["FusedMatMul", ofOne(importFusedProduct)],
  ["FusedGemm", activated(importerOf(productImporters, "Gemm"))],
  ["FusedConv", importFusedConvolution],
  ["LayerNormalization", importerOf(normalisationImporters, "LayerNormalization")],
  ["SimplifiedLayerNormalization", importerOf(normalisationImporters, "RMSNormalization")],
  ["SkipLayerNormalization", skipping(importerOf(normalisationImporters, "LayerNormalization"), [2, 3])],
  ["SkipSimplifiedLayerNormalization", skipping(importerOf(normalisationImporters, "RMSNormalization"), [2])],
  ...fusedAttentionImporters,
]);

function importerOf(importers: readonly NamedImporter[], operator: string): Importer {
  return new Map(importers).get(operator)!;
}

/** With the inputs at these places added, where they are there. */
function plus({ graph, inputs }: ImportCall, x: GraphTensor, places: readonly number[]): GraphTensor {
  return places.reduce((sum, place) => {
    const input = inputs[place] ?? null;
    return input === null ? sum : add(graph, sum, input);
  }, x);
}

function importFusedProduct(call: ImportCall, a: GraphTensor): GraphTensor {
  const { graph } = call;
  if (["transBatchA", "transBatchB"].some((name) => integerAttribute(call, name, 0) === 1)) {
    throw new Error("it moves the axes of its batches");
  }
  const [left, right] = [[a, "transA"] as const, [inputAt(call, 1), "transB"] as const].map(([x, name]) =>
    integerAttribute(call, name, 0) === 1 ? exchangeLast(graph, x) : x,
  );
  const [product] = importerOf(productImporters, "MatMul")({ ...call, inputs: [left!, right!] });
  const factor = floatAttribute(call, "alpha", 1);
  return factor === 1 ? product! : multiply(graph, product!, scalarLike(graph, product!, factor));
}

function exchangeLast(graph: GraphScope, x: GraphTensor): GraphTensor {
  const rank = x.shape.length;
  return transpose(graph, x, [...x.shape.keys()].slice(0, -2).concat(rank - 1, rank - 2));
}

/** Inputs: image, kernel, bias, and what is added before the activation. */
function importFusedConvolution(call: ImportCall): readonly GraphTensor[] {
  const [y] = importerOf(windowImporters, "Conv")(call);
  return [activate(call, plus(call, y!, [3]))];
}

function activated(importer: Importer): Importer {
  return (call) => importer(call).map((y) => activate(call, y));
}

function activate(call: ImportCall, x: GraphTensor): GraphTensor {
  const { graph } = call;
  const name = textAttribute(call, "activation", "");
  const [first, second] = floatsAttribute(call, "activation_params") ?? singleParameters(call);
  switch (name) {
    case "":
      return x;
    case "Relu":
      return relu(graph, x);
    case "Sigmoid":
      return sigmoid(graph, x);
    case "Tanh":
      return tanh(graph, x);
    case "LeakyRelu":
      return leakyRelu(graph, x, first ?? 0.01);
    case "HardSigmoid":
      return hardSigmoid(graph, x, { slope: first ?? 0.2, offset: second ?? 0.5 });
    case "Clip":
      return clip(graph, x, { least: scalarLike(graph, x, first!), most: scalarLike(graph, x, second!) });
    default:
      throw new Error(`its activation "${name}" is not known`);
  }
}

function singleParameters(call: ImportCall): readonly (number | undefined)[] {
  return ["activation_alpha", "activation_beta"].map((name) =>
    call.attributes[name] === undefined ? undefined : floatAttribute(call, name, 0),
  );
}

/**
 * Inputs: x, what is added to it, the weights at these places, and one more that is added. Results: the normalised sum, its mean and
 * inverse deviation, and the sum.
 */
function skipping(normalise: Importer, weights: readonly number[]): Importer {
  return (call) => {
    const { graph } = call;
    const sum = plus(call, inputAt(call, 0), [1, weights.at(-1)! + 1]);
    const inputs = [sum, ...weights.map((place) => call.inputs[place] ?? null)];
    const epsilon = { float: floatAttribute(call, "epsilon", 1e-12) };
    const attributes = { ...call.attributes, axis: { int: -1 }, epsilon };
    const [y] = normalise({ ...call, inputs, attributes, results: 1 });
    if (call.results === 1) return [y!];
    const axes = [sum.shape.length - 1];
    const mean = meanKeepingAxes(graph, sum, axes);
    const centred = weights.length === 1 ? sum : subtract(graph, sum, mean);
    const square = meanKeepingAxes(graph, multiply(graph, centred, centred), axes);
    const deviation = squareRoot(graph, add(graph, square, scalarLike(graph, sum, epsilon.float)));
    return [y!, mean, reciprocal(graph, deviation), sum];
  };
}
