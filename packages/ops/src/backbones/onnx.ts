import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { basename } from "node:path";
import type { BackboneModel } from "../artifacts/backbone.ts";
import { listTensors } from "../onnx/expose-tensor.ts";
import { findExternalFiles, mayHaveExternalFiles } from "../onnx/external-files.ts";
import { readModel } from "../onnx/read-model.ts";
import { paramsOf } from "../op-context.ts";
import type { SingleOp } from "../op.ts";
import { openBackboneSession, readBackboneFile } from "./backbone-session.ts";
import { chooseFeatureParts, reduceChoices } from "./feature-parts.ts";
import { chooseFeatureTensor } from "./feature-tensor.ts";
import { chooseImageInput, measureTensor } from "./image-input.ts";
import { locateFile } from "./locate-weights.ts";
import { preprocessingOf, preprocessingParams } from "./preprocessing-params.ts";

const signature = {
  name: "onnx",
  version: 1,
  summary: "Any network exported as ONNX: images in, one of its tensors out as features.",
  use: "constructor",
  role: "backbone",
  params: {
    file: {
      type: "file",
      remote: true,
      summary: "The .onnx file; weights that it keeps in further files lie beside it.",
    },
    features: {
      type: "string",
      summary:
        "The output or inner tensor to take; by default features, pooler_output, last_hidden_state or the only output.",
      default: null,
    },
    reduce: {
      type: "choice",
      choices: reduceChoices,
      summary: "How the tensor becomes a row; `auto` goes by its axes.",
      default: "auto",
    },
    prefix_tokens: {
      type: "integer",
      summary: "Tokens before the patch tokens (class token, registers); by default worked out where it is clear.",
      min: 0,
      default: null,
    },
    input: { type: "string", summary: "The input that takes the images; by default the only one.", default: null },
    image_size: {
      type: "integer",
      summary: "Side of the input image; by default the model's own, or 224 where that is free.",
      min: 1,
      max: 4096,
      default: null,
      unit: "px",
    },
    ...preprocessingParams,
  },
  inputs: {},
  output: "backbone",
  facts: {
    parts: [
      { is: ["features"], where: { reduce: ["none"] } },
      { is: ["cls_1"], where: { reduce: ["class_token"] } },
      { is: ["patch_mean"], where: { reduce: ["patch_mean"] } },
      { is: ["spatial_mean"], where: { reduce: ["spatial_mean"] } },
      { is: ["cls_1", "patch_mean"], where: { reduce: ["tokens"] } },
      { is: ["features", "cls_1", "patch_mean", "spatial_mean"] },
    ],
  },
} as const;

/**
 * Loads the network once, runs it on two blank images to see the shape of its features, and writes down how rows are
 * read. The file itself stays where it is: the artifact holds its digest.
 */
export const onnx: SingleOp = {
  shape: "single",
  signature,
  deterministic: true,
  libraries: [],
  sourceFiles: async (params) => {
    const path = await locateFile(paramsOf(signature, { params }).file);
    // Asked at every plan: most models keep everything in one file, and need not be taken apart to say so.
    if (!(await mayHaveExternalFiles(path))) return [];
    const model = await readModel(await readBackboneFile(path), basename(path));
    return (await findExternalFiles(model, path)).map((file) => ({ name: file.location, path: file.path }));
  },
  run: async (context): Promise<BackboneModel> => {
    const params = paramsOf(signature, context);
    const path = await locateFile(params.file);
    const file = basename(path);
    const model = await readModel(await readBackboneFile(path), file);
    const tensor = chooseFeatureTensor(listTensors(model), params.features, file);

    const session = await openBackboneSession({ source: path, tensors: [tensor], threads: context.threads });
    try {
      const input = chooseImageInput(session.inputs, { name: params.input, imageSize: params.image_size, file });
      const dims = await measureTensor(session, { input, tensor });
      const { outputs, layout } = chooseFeatureParts({
        tensor,
        dims,
        reduce: params.reduce,
        prefixTokens: params.prefix_tokens,
        file,
      });
      return {
        graph: { kind: "file", digest: digestOf(context.fileDigests), external: await hashExternal(model, path) },
        preprocessing: preprocessingOf(params, { input: input.name, imageSize: input.imageSize }),
        outputs,
        layout,
        precision: "float32",
      };
    } finally {
      await session.close();
    }
  },
};

function digestOf(fileDigests: Readonly<Record<string, string>>): string {
  const digest = fileDigests["file"];
  if (digest === undefined) throw new Error("The digest of the ONNX file is missing.");
  return digest;
}

async function hashExternal(model: Parameters<typeof findExternalFiles>[0], path: string) {
  const files = await findExternalFiles(model, path);
  return Promise.all(
    files.map(async (file) => {
      const hash = createHash("sha256");
      for await (const chunk of createReadStream(file.path)) hash.update(chunk as Buffer);
      return { location: file.location, digest: hash.digest("hex") };
    }),
  );
}
