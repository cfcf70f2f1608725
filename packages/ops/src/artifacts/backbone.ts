import type { RowLayout } from "../rows.ts";
import {
  damagedArtifact,
  decodeDocument,
  encodeDocument,
  type ArtifactCodec,
  type ArtifactDocument,
} from "./document-codec.ts";
import {
  arrayOf,
  choiceField,
  numberField,
  numbersField,
  objectField,
  objectsField,
  stringField,
  stringsField,
  type FieldSource,
} from "./document-fields.ts";

/** A backbone ready to be loaded: where its graph comes from, how images are prepared and which tensors make a row. */
export interface BackboneModel {
  readonly graph: GraphSource;
  readonly preprocessing: Preprocessing;
  /** How each part of a row is read from an output of the graph. */
  readonly outputs: readonly OutputTensor[];
  readonly layout: RowLayout;
  /** Forward precision; float32 until the program may choose. */
  readonly precision: "float32";
}

/**
 * `file`: an ONNX file of the user's, found by the parameters of the op that read it. `inline`: a graph of ours with its weights, as
 * protobuf bytes. `weights`: a graph of ours over weights that stay in their files, found likewise; the SHA-256 (hex) of each
 * is here, in the order in which the graph numbers them.
 */
export type GraphSource =
  | { readonly kind: "file"; readonly digest: string; readonly external: readonly ExternalWeights[] }
  | { readonly kind: "inline"; readonly model: Uint8Array }
  | { readonly kind: "weights"; readonly model: Uint8Array; readonly digests: readonly string[] };

/** A file beside the user's that holds weights: what it is called in the model, and the SHA-256 (hex) of its bytes. */
export interface ExternalWeights {
  readonly location: string;
  readonly digest: string;
}

export interface OutputTensor {
  /** The tensor's name in the graph: an output, or an inner tensor that is made an output on loading. */
  readonly tensor: string;
  readonly part: string;
  /**
   * How the tensor becomes a vector: as it is [B, D]; token 0 or the mean of the patch tokens of [B, T, D]; the mean over
   * space of [B, C, H, W].
   */
  readonly reduce: Reduction;
  /** For `patch-mean`: the tokens before the patch tokens (class token, registers), which stay out of it; otherwise 0. */
  readonly prefixTokens: number;
}

export const reductions = ["none", "class-token", "patch-mean", "spatial-mean"] as const;

export type Reduction = (typeof reductions)[number];

/** From a decoded image to the graph's input tensor. What has its default is left out where it came later than the others. */
export interface Preprocessing {
  /** The graph's input name. */
  readonly input: string;
  /** Side in pixels of the square that the graph is given. */
  readonly imageSize: number;
  /** Shorter side after resizing, before the centre crop; equal to `imageSize` for no crop. */
  readonly resizeTo: number;
  readonly resample: ResampleMethod;
  /** Squash to a square; or keep the aspect ratio, by the shorter side with a crop, or by the longer one with zeros behind it. */
  readonly fit: FitMethod;
  /** How values are scaled to 0..1, after resizing and a view's operations. Absent: by the source's range (255 or 65535). */
  readonly rescale?: "min_max";
  /** Pixels are rounded to half precision on reading, before anything else. Absent: they are not. */
  readonly halfReads?: true;
  /** Then (x - mean) / deviation per channel. */
  readonly mean: readonly [number, number, number];
  readonly deviation: readonly [number, number, number];
}

export const resampleMethods = [
  "pillow_bilinear",
  "pillow_bicubic",
  "pillow_lanczos",
  "torch_bicubic",
  "torch_bicubic_antialias",
] as const;

export type ResampleMethod = (typeof resampleMethods)[number];

const fitMethods = ["squash", "shorter-side", "longest-side"] as const;

export type FitMethod = (typeof fitMethods)[number];

export const backboneCodec: ArtifactCodec<BackboneModel> = {
  encode: ({ graph, preprocessing, outputs, layout, precision }) => {
    const { model, ...source } = graph.kind === "file" ? { ...graph, model: null } : graph;
    return encodeDocument({
      kind: "backbone",
      fields: {
        graph:
          source.kind === "file"
            ? { ...source, external: source.external.map((file) => ({ ...file })) }
            : { ...source },
        preprocessing: { ...preprocessing },
        outputs: outputs.map((output) => ({ ...output })),
        layout: { parts: layout.parts.map((part) => ({ ...part })), defaultPart: layout.defaultPart },
        precision,
      },
      arrays: model === null ? {} : { model },
    });
  },
  decode: (bytes) => {
    const document = decodeDocument("backbone", bytes);
    return {
      graph: readGraph(document, objectField(document, "graph")),
      preprocessing: readPreprocessing(objectField(document, "preprocessing")),
      outputs: objectsField(document, "outputs").map((output) => ({
        tensor: stringField(output, "tensor"),
        part: stringField(output, "part"),
        reduce: choiceField(output, "reduce", reductions),
        prefixTokens: numberField(output, "prefixTokens"),
      })),
      layout: readLayout(objectField(document, "layout")),
      precision: choiceField(document, "precision", ["float32"]),
    };
  },
};

function readGraph(document: ArtifactDocument, source: FieldSource): GraphSource {
  const kind = choiceField(source, "kind", ["file", "inline", "weights"]);
  if (kind === "file") {
    return {
      kind,
      digest: stringField(source, "digest"),
      external: objectsField(source, "external").map(readExternal),
    };
  }
  const model = arrayOf(document, "model", Uint8Array);
  return kind === "inline" ? { kind, model } : { kind, model, digests: stringsField(source, "digests") };
}

function readExternal(source: FieldSource): ExternalWeights {
  return { location: stringField(source, "location"), digest: stringField(source, "digest") };
}

function readLayout(source: FieldSource): RowLayout {
  const parts = objectsField(source, "parts").map((part) => ({
    name: stringField(part, "name"),
    width: numberField(part, "width"),
  }));
  return { parts, defaultPart: stringField(source, "defaultPart") };
}

function readPreprocessing(source: FieldSource): Preprocessing {
  return {
    input: stringField(source, "input"),
    imageSize: numberField(source, "imageSize"),
    resizeTo: numberField(source, "resizeTo"),
    resample: choiceField(source, "resample", resampleMethods),
    fit: choiceField(source, "fit", fitMethods),
    ...("rescale" in source.fields && { rescale: choiceField(source, "rescale", ["min_max"]) }),
    ...("halfReads" in source.fields && { halfReads: readTrue(source, "halfReads") }),
    mean: readChannels(source, "mean"),
    deviation: readChannels(source, "deviation"),
  };
}

function readTrue(source: FieldSource, name: string): true {
  if (source.fields[name] === true) return true;
  throw damagedArtifact(source.kind, `its field "${name}" should be true or left out`);
}

function readChannels(source: FieldSource, name: string): readonly [number, number, number] {
  const [red, green, blue, ...others] = numbersField(source, name);
  if (red === undefined || green === undefined || blue === undefined || others.length > 0) {
    throw damagedArtifact(source.kind, `its field "${name}" should have three numbers`);
  }
  return [red, green, blue];
}
