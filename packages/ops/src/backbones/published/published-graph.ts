import { realpath } from "node:fs/promises";
import type { GraphNode } from "../../onnx/graph-builder.ts";
import { writeModel } from "../../onnx/write-model.ts";
import type { ModelSource } from "../../runtime/session.ts";
import { weightsAskedBy, type AskedWeight } from "../networks/asked-weights.ts";
import { buildStoredGraph, imageInput, placeStoredGraph } from "../stored-graph.ts";
import { readWeightTable } from "../weights/read-weight-table.ts";
import type { BuildOptions, PublishedBackbone } from "./published-backbone.ts";
import { publishedBackbones } from "./published-backbones.ts";

/** What a published network is without its weights, for one image of the size that it was published for. */
export interface PublishedNetwork {
  /** By the network's own names, in the order in which it asks for them. */
  readonly weights: readonly AskedWeight[];
  /** Every node after those whose results it takes; the image is the input `pixel_values`. */
  readonly nodes: readonly GraphNode[];
}

/** A published network over a file of weights, as an extraction runs it. */
export interface PublishedGraph {
  readonly source: ModelSource;
  /** Its outputs, the default part first. */
  readonly parts: readonly string[];
}

/** Builds a published network over weights that have no values. @throws Error where there is none of the name */
export function traceBackbone(name: string): PublishedNetwork {
  const backbone = backboneOf(name);
  const { imageSize } = backbone.preprocessing;
  const lacks = (weight: string): boolean => backbone.lacks?.test(weight) === true;
  let nodes: readonly GraphNode[] = [];
  const weights = weightsAskedBy((graph, all) => {
    const image = graph.input(imageInput, [1, 3, imageSize, imageSize]);
    const present = { ...all, has: (weight: string) => !lacks(weight) };
    backbone.build(graph, image, { ...publishedOptions(backbone), weights: present });
    nodes = graph.nodes;
  });
  return { weights, nodes };
}

/**
 * The graph of a published network over the file of weights at a path, ready for `openSession`, which reads the weights in place.
 * @throws Error where there is no such network; OpError of reading the file, of the weights' names and shapes
 */
export async function buildPublishedGraph(name: string, path: string): Promise<PublishedGraph> {
  const backbone = backboneOf(name);
  const options = publishedOptions(backbone);
  const table = await readWeightTable(path);
  const { model, parts } = await buildStoredGraph({
    table,
    naming: { namings: backbone.namings, prefix: null },
    imageSize: options.imageSize,
    build: (graph, image, weights) => backbone.build(graph, image, { ...options, weights }),
  });
  const paths = await Promise.all(table.paths.map((file) => realpath(file)));
  const source = await placeStoredGraph(await writeModel(model), paths);
  // A checkpoint may lack the projection that one of them is.
  return { source, parts: backbone.parts.filter((part) => parts.some(({ name: built }) => built === part)) };
}

function backboneOf(name: string): PublishedBackbone {
  const found = publishedBackbones.find((backbone) => backbone.name === name);
  if (found === undefined) throw new Error(`There is no published backbone ${name}.`);
  return found;
}

function publishedOptions({ preprocessing, positions }: PublishedBackbone): Omit<BuildOptions, "weights"> {
  return { imageSize: preprocessing.imageSize, positions: positions ?? null, norm: "final" };
}
