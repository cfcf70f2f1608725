import { dirname, relative, sep } from "node:path";
import { OpError } from "../op-error.ts";
import { createGraphBuilder, type GraphScope, type GraphTensor } from "../onnx/graph-builder.ts";
import type { OnnxModel, OnnxTensor } from "../onnx/onnx-model.ts";
import { freeDimension } from "../onnx/shapes.ts";
import { readModel } from "../onnx/read-model.ts";
import { writeModel } from "../onnx/write-model.ts";
import type { ModelSource } from "../runtime/session.ts";
import type { NetworkWeights } from "./weights/network-weights.ts";
import { nameWeights, type NamingRequest } from "./weights/name-weights.ts";
import { requireAllUsed } from "./weights/require-all-used.ts";
import { locationOf, storedWeights } from "./weights/stored-weights.ts";
import type { WeightTable } from "./weights/weight-table.ts";

export const imageInput = "pixel_values";

export interface StoredGraphOptions {
  readonly table: WeightTable;
  readonly naming: NamingRequest;
  /** Side of the input image. */
  readonly imageSize: number;
  readonly build: (graph: GraphScope, image: GraphTensor, weights: NetworkWeights) => ReadonlyMap<string, GraphTensor>;
}

/**
 * A network over weights that stay in their files: input `pixel_values` [batch, 3, size, size], an output for each part. The model says
 * where a weight lies by the number of its file alone, so that it is the same bytes wherever the files are.
 * @throws OpError of the weights' names and shapes
 */
export async function buildStoredGraph({ table, naming, imageSize, build }: StoredGraphOptions): Promise<BuiltGraph> {
  const named = await nameWeights(table, naming);
  const graph = createGraphBuilder();
  const image = graph.input(imageInput, [freeDimension("batch"), 3, imageSize, imageSize]);
  const { weights, used } = noteUsed(storedWeights(graph, named));
  const features = build(graph, image, weights);
  requireAllUsed(named, used);
  for (const [part, tensor] of features) graph.output(part, tensor);
  const widths = [...features].map(([name, { shape }]) => ({ name, width: Number(shape.at(-1)) }));
  return { model: graph.toModel("backbone"), parts: widths };
}

export interface BuiltGraph {
  readonly model: OnnxModel;
  readonly parts: readonly { readonly name: string; readonly width: number }[];
}

function noteUsed(weights: NetworkWeights): { readonly weights: NetworkWeights; readonly used: ReadonlySet<string> } {
  const used = new Set<string>();
  const get: NetworkWeights["get"] = (name, shape) => {
    used.add(name);
    return weights.get(name, shape);
  };
  return { weights: { ...weights, get }, used };
}

/**
 * The same model with its weights found on this machine: onnxruntime reads them in place, from the nearest folder that holds all files.
 * @param paths absolute, with all links resolved, in the order of the table that the model was built over
 */
export async function placeStoredGraph(model: Uint8Array, paths: readonly string[]): Promise<ModelSource> {
  const folder = commonFolder(paths);
  const places = new Map(paths.map((path, index) => [locationOf(index), relative(folder, path).split(sep).join("/")]));
  const { graph, ...rest } = await readModel(model, "a backbone's graph");
  const initializer = (graph.initializer ?? []).map((tensor) => placeTensor(tensor, places));
  return { data: await writeModel({ ...rest, graph: { ...graph, initializer } }), externalFolder: folder, name: null };
}

function placeTensor(tensor: OnnxTensor, places: ReadonlyMap<string, string>): OnnxTensor {
  if (tensor.dataLocation !== 1) return tensor;
  const externalData = (tensor.externalData ?? []).map((entry) => {
    if (entry.key !== "location") return entry;
    const value = places.get(entry.value ?? "");
    if (value !== undefined) return { ...entry, value };
    throw new OpError(
      "weights-changed",
      `A backbone keeps weights in more files (${entry.value ?? ""}) than its weights have now.`,
      "Bring back the weights that it was made of, or run the program again so that it is made anew.",
    );
  });
  return { ...tensor, externalData };
}

function commonFolder(paths: readonly string[]): string {
  const [first = "/", ...others] = paths.map((path) => dirname(path));
  return others.reduce((folder, next) => {
    let common = folder;
    while (next !== common && !next.startsWith(common.endsWith(sep) ? common : common + sep)) common = dirname(common);
    return common;
  }, first);
}
