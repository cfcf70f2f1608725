import type { PathValue } from "@exp-lab/dsl";
import type { BackboneModel } from "../artifacts/backbone.ts";
import { openBackboneSession } from "../backbones/backbone-session.ts";
import { locateFile } from "../backbones/locate-weights.ts";
import { loadStoredGraph } from "../backbones/stored-backbone.ts";
import type { WeightsSource } from "../backbones/weights/weights-source.ts";
import { openDatasetReader } from "../datasets/dataset-readers.ts";
import { decoderLibraries } from "../formats/decoder-libraries.ts";
import { inputOf, paramsOf, type InputValue } from "../op-context.ts";
import type { PerExampleOp } from "../op.ts";
import type { ModelSource } from "../runtime/session.ts";
import { chooseBatch } from "./choose-batch.ts";
import { openCheckedSession } from "./checked-session.ts";
import { createRowExtractor } from "./row-extractor.ts";

const signature = {
  name: "extract",
  version: 1,
  summary: "Passes every image through the backbone once and keeps a row of features for it.",
  use: "companion",
  role: "backbone",
  params: {
    batch_size: {
      type: "integer",
      summary:
        "Images per forward pass; by default as many as suit the device and their size. Changes speed and memory, and no score beyond rounding.",
      min: 2,
      max: 1024,
      default: null,
      semantic: false,
    },
  },
  inputs: {
    backbone: { kind: "backbone", summary: "The network and how images are prepared for it." },
    examples: { kind: "examples", summary: "The examples whose rows are wanted." },
    images: { kind: "dataset", locator: true, summary: "Where the examples' images lie." },
  },
  output: "features",
} as const;

export const extract: PerExampleOp = {
  shape: "per example",
  signature,
  deterministic: true,
  libraries: ["onnxruntime-node", ...decoderLibraries],
  open: async (context) => {
    const backbone = inputOf(context, "backbone", "backbone");
    const { imageSize } = backbone.preprocessing;
    const batchSize = paramsOf(signature, context).batch_size ?? chooseBatch(context.device, imageSize);
    const session = await openCheckedSession(context.device, async (device) =>
      openBackboneSession({
        source: await sourceOf(backbone, originOf(context.inputs["backbone"])),
        tensors: backbone.outputs.map(({ tensor }) => tensor),
        threads: context.threads,
        device,
      }),
    );
    try {
      const reader = await openDatasetReader(originOf(context.inputs["images"]));
      return createRowExtractor({ backbone, session, reader, batchSize, signal: context.signal });
    } catch (error) {
      await session.close();
      throw error;
    }
  },
};

/** Files are found by the parameters of the op that read them; the runner has digested them in this run. */
async function sourceOf({ graph }: BackboneModel, { op, params }: InputValue["origin"]): Promise<string | ModelSource> {
  if (graph.kind === "inline") return { data: graph.model, name: null };
  if (graph.kind === "weights") return loadStoredGraph(graph.model, params["weights"] as WeightsSource);
  const file = params["file"];
  if (typeof file === "object" && file !== null) return locateFile(file as PathValue | WeightsSource);
  throw new Error(`The op ${op} made a backbone of a file, but has no parameter "file".`);
}

function originOf(input: InputValue | undefined): InputValue["origin"] {
  if (input === undefined) throw new Error("An input is missing.");
  return input.origin;
}
