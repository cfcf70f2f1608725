import { realpath } from "node:fs/promises";
import type { BackboneModel, Preprocessing } from "../artifacts/backbone.ts";
import type { OpContext } from "../op-context.ts";
import type { GraphScope, GraphTensor } from "../onnx/graph-builder.ts";
import { writeModel } from "../onnx/write-model.ts";
import type { ModelSource } from "../runtime/session.ts";
import { sha256OfFile } from "./hub/file-digest.ts";
import { locateWeights } from "./locate-weights.ts";
import type { Naming } from "./naming/naming.ts";
import { buildStoredGraph, placeStoredGraph } from "./stored-graph.ts";
import type { NetworkWeights } from "./weights/network-weights.ts";
import { readWeightTable } from "./weights/read-weight-table.ts";
import type { WeightsSource } from "./weights/weights-source.ts";

export interface StoredBackboneOptions {
  readonly source: WeightsSource;
  readonly prefix: string | null;
  readonly namings: readonly Naming[];
  readonly preprocessing: Preprocessing;
  /** Where it is none of the network's parts, its first one takes its place. */
  readonly defaultPart: string;
  readonly build: (graph: GraphScope, image: GraphTensor, weights: NetworkWeights) => ReadonlyMap<string, GraphTensor>;
}

/**
 * A backbone whose graph is ours and whose weights stay where they are. The artifact holds the graph, and of the weights the digests.
 * @throws OpError of finding and reading weights, of their names and shapes
 */
export async function storedBackbone(context: OpContext, options: StoredBackboneOptions): Promise<BackboneModel> {
  const { source, prefix, namings, preprocessing, build } = options;
  const table = await readWeightTable(await locateWeights(source));
  const { imageSize } = preprocessing;
  const { model, parts } = await buildStoredGraph({ table, naming: { namings, prefix }, imageSize, build });
  const defaultPart = parts.find(({ name }) => name === options.defaultPart)?.name ?? parts[0]!.name;
  const own = context.fileDigests["weights"];
  const isWhole = own !== undefined && table.paths.length === 1;
  const digests = isWhole ? [own] : await Promise.all(table.paths.map((path) => sha256OfFile(path, context.signal)));
  return {
    graph: { kind: "weights", model: await writeModel(model), digests },
    preprocessing,
    outputs: parts.map(({ name }) => ({ tensor: name, part: name, reduce: "none", prefixTokens: 0 })),
    layout: { parts, defaultPart },
    precision: "float32",
  };
}

/** The model of such a backbone as this machine can load it. @throws OpError `weights-absent`, of reading the file */
export async function loadStoredGraph(model: Uint8Array, source: WeightsSource): Promise<ModelSource> {
  const { paths } = await readWeightTable(await locateWeights(source));
  return placeStoredGraph(model, await Promise.all(paths.map((path) => realpath(path))));
}
