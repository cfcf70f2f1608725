import { cnnNamings } from "../../naming/cnn-namings.ts";
import { publishedCnns, type PublishedCnn } from "../../networks/published-cnns.ts";
import { imageNet, type PublishedBackbone, type PublishedWeights } from "../published-backbone.ts";

/** The digits of the SHA-256 that torchvision's file names end in, by version; the newest first, which is torchvision's default. */
const files: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  resnet18: { imagenet1k_v1: "f37072fd" },
  resnet34: { imagenet1k_v1: "b627a593" },
  resnet50: { imagenet1k_v2: "11ad3fa6", imagenet1k_v1: "0676ba61" },
  resnet101: { imagenet1k_v2: "cd907fc2", imagenet1k_v1: "63fe2227" },
  resnet152: { imagenet1k_v2: "f82ba261", imagenet1k_v1: "394f9c45" },
  vgg11: { imagenet1k_v1: "8a719046" },
  vgg13: { imagenet1k_v1: "19584684" },
  vgg16: { imagenet1k_v1: "397923af" },
  vgg19: { imagenet1k_v1: "dcbb9e9d" },
  vgg11_bn: { imagenet1k_v1: "6002323d" },
  vgg13_bn: { imagenet1k_v1: "abd245e5" },
  vgg16_bn: { imagenet1k_v1: "6c64b313" },
  vgg19_bn: { imagenet1k_v1: "c79401a0" },
  densenet121: { imagenet1k_v1: "a639ec97" },
  densenet161: { imagenet1k_v1: "8d451a50" },
  densenet169: { imagenet1k_v1: "b2777c0a" },
  densenet201: { imagenet1k_v1: "c1103571" },
};

const titles = {
  resnet: { title: "ResNet", source: "He et al. 2016" },
  vgg: { title: "VGG", source: "Simonyan and Zisserman 2015" },
  densenet: { title: "DenseNet", source: "Huang et al. 2017" },
} as const;

/** torchvision's convolutional networks, supervised on ImageNet-1k. Their smallest maps have a thirty-second of the image's side. */
export const torchvisionFamily: readonly PublishedBackbone[] = [...publishedCnns].map(([name, cnn]) => {
  const { title, source } = titles[cnn.family];
  const size = /\d+/.exec(name)?.[0] ?? "";
  const isNormed = name.endsWith("_bn");
  return {
    name,
    summary: `${title}-${size}${isNormed ? " with batch normalisation" : ""}, supervised on ImageNet-1k, as torchvision has it.`,
    source,
    licence: "BSD-3-Clause",
    weights: Object.fromEntries(
      Object.entries(files[name] ?? {}).map(([version, digits]) => [version, weightsOf(name, version, digits)]),
    ),
    namings: cnnNamings[cnn.family],
    preprocessing: { imageSize: 224, resizeTo: 256, resample: "pillow_bilinear", fit: "shorter-side", ...imageNet },
    multiple: 1,
    // The output of VGG's second dense layer after its ReLU is what the field calls its feature.
    parts: cnn.family === "vgg" ? ["fc7", "pooled"] : ["pooled"],
    hasFinalNorm: false,
    build: (graph, image, { weights }) => partsOf(cnn, cnn.build(graph, image, weights)),
  };
});

function weightsOf(name: string, version: string, digits: string): PublishedWeights {
  const url = `https://download.pytorch.org/models/${name}-${digits}.pth`;
  const from = { weights: "url", url, sha256: digits } as const;
  return version === "imagenet1k_v2"
    ? { from, sha256: digits, note: "a longer recipe with stronger augmentation", resizeTo: 232 }
    : { from, sha256: digits };
}

function partsOf({ family }: PublishedCnn, features: ReturnType<PublishedCnn["build"]>) {
  if (family !== "vgg" || !("fc7" in features) || features.fc7 === null) {
    return new Map([["pooled", features.pooled]]);
  }
  return new Map([
    ["fc7", features.fc7],
    ["pooled", features.pooled],
  ]);
}
