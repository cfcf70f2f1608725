import { OpError } from "../../op-error.ts";
import { checkFileName } from "./source-names.ts";

/** Whether a file lists shards: `model.safetensors.index.json`, `pytorch_model.bin.index.json`. */
export function isWeightsIndex(name: string): boolean {
  return name.endsWith(".index.json");
}

/**
 * The files that hold values by an index, each once, by code unit, relative to the index's own folder. The format is that of
 * `transformers`: `{ "metadata": {..}, "weight_map": { TENSOR: FILE } }`.
 * @param file of the index, for messages
 * @throws OpError `weights-index-unreadable`, `weights-source-invalid` where a shard lies outside
 */
export function shardsOfIndex(text: string, file: string): readonly string[] {
  const map = weightMap(text);
  const shards = map === null ? [] : [...new Set(Object.values(map))].sort();
  if (shards.length === 0 || !shards.every((shard) => typeof shard === "string")) {
    throw new OpError(
      "weights-index-unreadable",
      `${file} is not an index of weights: expected is JSON with "weight_map", which names a file for each tensor.`,
      "Remove the file, so that it is downloaded again.",
    );
  }
  for (const shard of shards) checkFileName(shard, `a shard of ${file}`);
  return shards;
}

/** A name beside that of the index. */
export function besideIndex(index: string, shard: string): string {
  return index.slice(0, index.lastIndexOf("/") + 1) + shard;
}

function weightMap(text: string): object | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null;
  }
  const map = typeof json === "object" && json !== null && "weight_map" in json ? json.weight_map : null;
  return typeof map === "object" ? map : null;
}
