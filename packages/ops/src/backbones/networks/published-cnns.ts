import type { GraphScope, GraphTensor } from "../../onnx/graph-builder.ts";
import type { NetworkWeights } from "../weights/network-weights.ts";
import { buildDenseNet, denseNets, type DenseNetFeatures } from "./densenet.ts";
import { buildResNet, resNets, type ResNetFeatures } from "./resnet.ts";
import { buildVgg, vggs, type VggFeatures } from "./vgg.ts";

export type CnnFamily = "resnet" | "vgg" | "densenet";

/** A convolutional network of a published size. */
export interface PublishedCnn {
  readonly family: CnnFamily;
  /** Adds it to a graph, for normalised images [B, 3, H, W]; weights go by torchvision's names. */
  readonly build: (graph: GraphScope, image: GraphTensor, weights: NetworkWeights) => CnnFeatures;
}

export type CnnFeatures = ResNetFeatures | VggFeatures | DenseNetFeatures;

type Builder<Sizes> = (graph: GraphScope, image: GraphTensor, weights: NetworkWeights, sizes: Sizes) => CnnFeatures;

/** All of them, by torchvision's name, e.g. `vgg16_bn`. */
export const publishedCnns: ReadonlyMap<string, PublishedCnn> = new Map([
  ...ofFamily("resnet", resNets, buildResNet),
  ...ofFamily("vgg", vggs, buildVgg),
  ...ofFamily("densenet", denseNets, buildDenseNet),
]);

function ofFamily<Sizes>(
  family: CnnFamily,
  published: Readonly<Record<string, Sizes>>,
  build: Builder<Sizes>,
): readonly (readonly [string, PublishedCnn])[] {
  return Object.entries(published).map(([name, sizes]) => [
    name,
    { family, build: (graph, image, weights) => build(graph, image, weights, sizes) },
  ]);
}
