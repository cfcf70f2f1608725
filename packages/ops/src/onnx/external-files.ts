import { createReadStream } from "node:fs";
import { realpath } from "node:fs/promises";
import { dirname, isAbsolute, join, sep } from "node:path";
import { OpError } from "../op-error.ts";
import type { OnnxAttribute, OnnxGraph, OnnxModel, OnnxTensor } from "./onnx-model.ts";

/** A file beside the model that holds large weights. */
export interface ExternalFile {
  /** As the model spells it: a path relative to the model's folder. */
  readonly location: string;
  /** Where it lies on this machine. */
  readonly path: string;
}

/**
 * The files that a model keeps weights in, each once, sorted by location.
 * @param path the model's own path
 * @throws OpError `onnx-external-missing`; `onnx-external-outside` where a location leads out of the model's folder
 */
export async function findExternalFiles(model: OnnxModel, path: string): Promise<readonly ExternalFile[]> {
  const locations = [...new Set([...tensorsOf(model.graph)].flatMap(locationOf))].sort();
  return Promise.all(locations.map(async (location) => ({ location, path: await resolveInside(path, location) })));
}

/** A tensor that lies elsewhere says so by a text field `location`: tag, length 8, the word. */
const locationKey = Buffer.from("\n\x08location", "latin1");

/**
 * False where a model file cannot keep weights elsewhere, told without taking the model apart: the key that says where
 * does not occur in its bytes. True where it may (the key can also occur by chance).
 */
export async function mayHaveExternalFiles(path: string): Promise<boolean> {
  let tail: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    const bytes = Buffer.concat([tail, chunk as Buffer]);
    if (bytes.includes(locationKey)) return true;
    tail = bytes.subarray(1 - locationKey.length);
  }
  return false;
}

async function resolveInside(modelPath: string, location: string): Promise<string> {
  const folder = await realpath(dirname(modelPath));
  const outside = new OpError(
    "onnx-external-outside",
    `${modelPath} keeps weights in "${location}", which is not inside its own folder.`,
    "Put the weights beside the model and export it again; files elsewhere are never read.",
  );
  if (isAbsolute(location) || location.split(/[/\\]/).includes("..")) throw outside;
  let file: string;
  try {
    file = await realpath(join(folder, location));
  } catch {
    throw new OpError(
      "onnx-external-missing",
      `${modelPath} keeps weights in the file "${location}" beside it, and there is no such file.`,
      "Copy or download the weights into the same folder.",
    );
  }
  if (!file.startsWith(folder.endsWith(sep) ? folder : folder + sep)) throw outside;
  return file;
}

function locationOf({ dataLocation, externalData }: OnnxTensor): readonly string[] {
  const isExternal = dataLocation === 1;
  return (isExternal ? (externalData ?? []) : []).flatMap(({ key, value }) =>
    key === "location" && value ? [value] : [],
  );
}

/** Weights, constants and those of the subgraphs of control flow. */
function* tensorsOf(graph: OnnxGraph): Generator<OnnxTensor> {
  yield* graph.initializer ?? [];
  for (const node of graph.node ?? []) {
    for (const attribute of node.attribute ?? []) yield* attributeTensors(attribute);
  }
}

function* attributeTensors({ t, tensors, g, graphs }: OnnxAttribute): Generator<OnnxTensor> {
  if (t) yield t;
  yield* tensors ?? [];
  if (g) yield* tensorsOf(g);
  for (const graph of graphs ?? []) yield* tensorsOf(graph);
}
