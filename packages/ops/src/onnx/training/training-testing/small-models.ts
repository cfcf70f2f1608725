import { randomOf } from "../../differentiate/gradient-testing/random.ts";
import { createGraphBuilder, type GraphBuilder, type GraphTensor } from "../../graph-builder.ts";
import { elementTypes, type OnnxModel } from "../../onnx-model.ts";
import { gelu, relu, softmax } from "../../operators/activations.ts";
import { add, multiply } from "../../operators/arithmetic.ts";
import { convolution } from "../../operators/convolution.ts";
import { concatenate, pick, reshape, transpose } from "../../operators/layout.ts";
import { frozenBatchNormalization, layerNormalization } from "../../operators/normalisation.ts";
import { scalarLike } from "../../operators/filling.ts";
import { globalAveragePool, maxPool } from "../../operators/pooling.ts";
import { linear, matMul } from "../../operators/products.ts";
import { mean } from "../../operators/reductions.ts";
import { resize } from "../../operators/resizing.ts";
import { freeDimension } from "../../shapes.ts";

/** Networks of a few weights as model files have them, for tests of training. All give `logits` of `images`. */
export interface SmallModel {
  readonly model: OnnxModel;
  /** Of one image. */
  readonly image: readonly number[];
  readonly classes: number;
  /** Sizes of the space that has a class at each place. */
  readonly space: readonly number[];
}

/** Adds a weight whose values lie within `reach` around a centre. */
type AddWeight = (name: string, shape: readonly number[], reach: number, centre?: number) => GraphTensor;

interface Drawn extends Omit<SmallModel, "model"> {
  /** The size of a batch where it is fixed; a resized batch has to be. */
  readonly batch?: number;
  readonly seed: number;
  readonly logits: (graph: GraphBuilder, images: GraphTensor, weight: AddWeight) => GraphTensor;
}

function draw({ seed, logits, batch, ...sizes }: Drawn): SmallModel {
  const graph = createGraphBuilder();
  const { fraction } = randomOf(seed);
  const images = graph.input("images", [batch ?? freeDimension("batch"), ...sizes.image]);
  const result = logits(graph, images, (name, shape, reach, centre = 0) => {
    const count = shape.reduce((product, size) => product * size, 1);
    const values = Float32Array.from({ length: count }, () => centre + reach * (2 * fraction() - 1));
    return graph.weight(name, values, shape);
  });
  graph.output("logits", result);
  return { ...sizes, model: graph.toModel("small") };
}

/** The same network with other weights. */
export function withValues(network: SmallModel, valuesOf: (name: string, count: number) => Float32Array): SmallModel {
  const { graph } = network.model;
  const initializer = (graph.initializer ?? []).map((tensor) => {
    const count = (tensor.dims ?? []).reduce<number>((product, size) => product * Number(size), 1);
    const isWeight = tensor.dataType === elementTypes.float32 && count > 1;
    if (!isWeight) return tensor;
    return { ...tensor, rawData: new Uint8Array(valuesOf(tensor.name ?? "", count).buffer) };
  });
  return { ...network, model: { ...network.model, graph: { ...graph, initializer } } };
}

/** Two layers with a Gelu between them. */
export function smallPerceptron(): SmallModel {
  const sizes = { image: [6], classes: 3, space: [] };
  return draw({
    ...sizes,
    seed: 1,
    logits(graph, images, weight) {
      const hidden = { weight: weight("hidden.weight", [8, 6], 0.6), bias: weight("hidden.bias", [8], 0.2) };
      const last = { weight: weight("last.weight", [3, 8], 0.6), bias: weight("last.bias", [3], 0.2) };
      return linear(graph, gelu(graph, linear(graph, images, hidden)), last);
    },
  });
}

/** One matrix, used layer after layer. */
export function sharedPerceptron(depth: number): SmallModel {
  const sizes = { image: [6], classes: 6, space: [] };
  return draw({
    ...sizes,
    seed: 4,
    logits(graph, images, weight) {
      const shared = { weight: weight("shared.weight", [6, 6], 0.7), bias: weight("shared.bias", [6], 0.3) };
      const scale = weight("scale", [6], 0.2, 1);
      let x = images;
      for (let layer = 0; layer < depth; layer += 1) {
        const scaled = multiply(graph, gelu(graph, linear(graph, x, shared)), scale);
        x = add(graph, multiply(graph, linear(graph, scaled, shared), scale), x);
      }
      return x;
    },
  });
}

/** A convolution with a batch normalisation, and the mean over space; a class for each of three channels. */
export function smallConvolution(): SmallModel {
  const sizes = { image: [2, 5, 5], classes: 3, space: [] };
  return draw({
    ...sizes,
    seed: 5,
    logits(graph, images, weight) {
      const kernel = weight("conv.weight", [3, 2, 3, 3], 0.4);
      const convolved = convolution(graph, images, { weight: kernel, steps: [{ before: 1, after: 1 }] });
      const [scale, bias, mean] = ["weight", "bias", "running_mean"].map((part) => weight(`norm.${part}`, [3], 0.5));
      const inputs = [convolved, scale!, bias!, mean!, weight("norm.running_var", [3], 0.3, 1)];
      const attributes = { epsilon: { float: 1e-3 }, momentum: { float: 0.7 } };
      const { shape } = convolved;
      const normalised = relu(graph, graph.node({ operator: "BatchNormalization", inputs, attributes, shape }));
      return reshape(graph, globalAveragePool(graph, normalised), [freeDimension("batch"), 3]);
    },
  });
}

/** Down and up again with a skip connection, batch normalisations and a class at each place. */
export function smallUNet(batch: number): SmallModel {
  const sizes = { image: [2, 8, 8], classes: 3, space: [8, 8] };
  return draw({
    ...sizes,
    batch,
    seed: 2,
    logits(graph, images, weight) {
      const block = (x: GraphTensor, name: string, [from, to]: readonly [number, number]): GraphTensor => {
        const kernel = weight(`${name}.conv.weight`, [to, from, 3, 3], 0.4);
        const convolved = convolution(graph, x, { weight: kernel, steps: [{ before: 1, after: 1 }] });
        const channel = (part: string, reach: number, centre: number): GraphTensor =>
          weight(`${name}.norm.${part}`, [to], reach, centre);
        const normalised = frozenBatchNormalization(graph, convolved, {
          ...{ scale: channel("weight", 0.3, 1), bias: channel("bias", 0.3, 0) },
          ...{ mean: channel("running_mean", 0.3, 0), variance: channel("running_var", 0.3, 1), epsilon: 1e-5 },
        });
        return relu(graph, normalised);
      };
      const top = block(block(images, "first", [2, 4]), "second", [4, 4]);
      const plain = { stride: 2, dilation: 1, before: 0, after: 0 };
      const down = block(maxPool(graph, top, { kernel: [2, 2], steps: [plain, plain] }), "low", [4, 6]);
      const size = { sizes: [batch, 6, 8, 8], mode: "linear", coordinates: "half_pixel" } as const;
      const up = block(concatenate(graph, [resize(graph, down, size), top], 1), "up", [10, 4]);
      const kernel = weight("last.weight", [3, 4, 1, 1], 0.6);
      return convolution(graph, up, { weight: kernel, bias: weight("last.bias", [3], 0.2) });
    },
  });
}

/** Four patches, two blocks of attention and layers, and a layer over their mean. */
export function smallTransformer(): SmallModel {
  const [width, heads] = [16, 2];
  const batch = freeDimension("batch");
  const sizes = { image: [3, 8, 8], classes: 3, space: [] };
  return draw({
    ...sizes,
    seed: 3,
    logits(graph, images, weight) {
      const norm = (x: GraphTensor, name: string): GraphTensor => {
        const [scale, bias] = [weight(`${name}.weight`, [width], 0.2, 1), weight(`${name}.bias`, [width], 0.2)];
        return layerNormalization(graph, x, { weight: scale, bias, epsilon: 1e-6 });
      };
      const layer = (x: GraphTensor, name: string, [from, to]: readonly [number, number]): GraphTensor => {
        const product = matMul(graph, x, weight(`${name}.weight`, [from, to], Math.sqrt(3 / from)));
        return add(graph, product, weight(`${name}.bias`, [to], 0.1));
      };
      const attend = (x: GraphTensor, name: string): GraphTensor => {
        const joint = layer(x, `${name}.qkv`, [width, 3 * width]);
        const apart = reshape(graph, joint, [batch, 4, 3, heads, width / heads]);
        const parts = transpose(graph, apart, [2, 0, 3, 1, 4]);
        const [query, key, value] = [0, 1, 2].map((index) => pick(graph, parts, { axis: 0, index }));
        const products = matMul(graph, query!, transpose(graph, key!, [0, 1, 3, 2]));
        const shares = softmax(graph, multiply(graph, products, scalarLike(graph, x, Math.sqrt(heads / width))));
        const joined = transpose(graph, matMul(graph, shares, value!), [0, 2, 1, 3]);
        return layer(reshape(graph, joined, [batch, 4, width]), `${name}.proj`, [width, width]);
      };
      const kernel = weight("patch.weight", [width, 3, 4, 4], 0.25);
      const patches = convolution(graph, images, { weight: kernel, steps: [{ stride: 4 }] });
      const rows = transpose(graph, reshape(graph, patches, [batch, width, 4]), [0, 2, 1]);
      let x = add(graph, rows, weight("positions", [1, 4, width], 0.3));
      for (const name of ["blocks.0", "blocks.1"]) {
        x = add(graph, x, attend(norm(x, `${name}.norm1`), `${name}.attn`));
        const wide = gelu(graph, layer(norm(x, `${name}.norm2`), `${name}.fc1`, [width, 2 * width]));
        x = add(graph, x, layer(wide, `${name}.fc2`, [2 * width, width]));
      }
      return layer(mean(graph, norm(x, "norm"), 1), "head", [width, 3]);
    },
  });
}
