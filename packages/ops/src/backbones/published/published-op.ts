import type { OpSignature } from "@exp-lab/dsl";
import { paramsOf } from "../../op-context.ts";
import type { SingleOp } from "../../op.ts";
import { preprocessingParams } from "../preprocessing-params.ts";
import { requireMultiple } from "../require-multiple.ts";
import { normParam, positionsParam, prefixParam } from "../stored-params.ts";
import { storedBackbone } from "../stored-backbone.ts";
import type { PublishedBackbone } from "./published-backbone.ts";
import { publishedPreprocessing } from "./published-preprocessing.ts";

/** The constructor of a published backbone. */
export function publishedOp(backbone: PublishedBackbone): SingleOp {
  const signature = signatureOf(backbone);
  return {
    shape: "single",
    signature,
    deterministic: true,
    libraries: [],
    run: async (context) => {
      const params = paramsOf(signature, context);
      const { image_size: imageSize, weights: source } = params;
      if (source.weights === "random") throw new Error("A published backbone has no random weights.");
      requireMultiple(imageSize, backbone.multiple);
      return storedBackbone(context, {
        source,
        prefix: params.weights_prefix,
        namings: backbone.namings,
        preprocessing: publishedPreprocessing(backbone, { ...params, weights: source }),
        defaultPart: backbone.parts[0]!,
        build: (graph, image, weights) =>
          backbone.build(graph, image, {
            weights,
            imageSize,
            positions: backbone.positions === undefined ? null : params.positions,
            norm: params.norm === "none" ? "none" : "final",
          }),
      });
    },
  };
}

function signatureOf(backbone: PublishedBackbone) {
  const { name, summary, source, multiple, parts } = backbone;
  return {
    name,
    version: 1,
    summary: `${summary.replace(/\.$/, "")} (${source}).`,
    use: "constructor",
    role: "backbone",
    params: paramsFor(backbone),
    inputs: {},
    output: "backbone",
    facts: {
      parts: [{ is: parts }],
      ...(multiple === 1 ? {} : { multiples: { image_size: multiple } }),
      published: ["mean", "deviation"],
    },
  } as const satisfies OpSignature;
}

function paramsFor(backbone: PublishedBackbone) {
  const { hasFinalNorm, positions } = backbone;
  const { norm, positions: rule, ...others } = everyParam(backbone);
  const own = { ...others, ...(hasFinalNorm ? { norm } : {}), ...(positions === undefined ? {} : { positions: rule }) };
  // What a network does not have is no parameter of it; a type for each such network would say no more.
  return own as ReturnType<typeof everyParam>;
}

function everyParam({ weights, preprocessing, multiple, positions = "size" }: PublishedBackbone) {
  const published = Object.fromEntries(Object.entries(weights).map(([word, { from }]) => [word, from]));
  const newest = Object.keys(weights).length > 1 ? ", the newest of them" : "";
  return {
    weights: {
      type: "weights",
      summary: `Where the weights come from; by default as published${newest}.`,
      sources: ["file", "hf", "url"],
      published,
      default: Object.values(published)[0]!,
    },
    weights_prefix: prefixParam,
    image_size: {
      type: "integer",
      summary: "Side of the input image.",
      min: multiple,
      max: 4096,
      default: preprocessing.imageSize,
      unit: "px",
    },
    norm: normParam,
    positions: { ...positionsParam, default: positions },
    ...preprocessingParams,
    resize_to: { ...preprocessingParams.resize_to, summary: resizeSummary(preprocessing) },
    resample: { ...preprocessingParams.resample, default: preprocessing.resample },
    fit: { ...preprocessingParams.fit, default: preprocessing.fit.replace("-", "_") },
    mean: { ...preprocessingParams.mean, summary: meanSummary("Mean", "subtracted"), default: preprocessing.mean },
    deviation: {
      ...preprocessingParams.deviation,
      summary: meanSummary("Standard deviation", "divided by"),
      default: preprocessing.deviation,
    },
  } as const;
}

function resizeSummary({ imageSize, resizeTo }: PublishedBackbone["preprocessing"]): string {
  const share =
    resizeTo === imageSize
      ? "image_size"
      : `${String(resizeTo)} for an image size of ${String(imageSize)}, the same share for others`;
  return `Side in pixels after resizing, before the centre crop to image_size; by default as published: ${share}.`;
}

function meanSummary(what: string, use: string): string {
  return `${what} of red, green and blue (0..1) that is ${use}; by default as published.`;
}
