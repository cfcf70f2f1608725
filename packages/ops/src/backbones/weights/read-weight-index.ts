import { dirname, join, resolve } from "node:path";
import { OpError } from "../../op-error.ts";
import { isRecord, parseJsonObject } from "./json-object.ts";
import type { WeightFile } from "./weight-file.ts";
import type { StoredWeight, WeightTable } from "./weight-table.ts";
import { damagedWeights, shownName, unknownWeightsFormat, unsupportedWeights } from "./weights-errors.ts";

/** Bytes of an index. That of a model of a million tensors has about this many. */
const largestIndex = 100_000_000;

/**
 * The tensors of weights in several files (shards), as `model.safetensors.index.json` and `pytorch_model.bin.index.json` list
 * them: `{ "weight_map": { TENSOR: SHARD } }`. Tensors of a shard that the index does not list are left out.
 *
 * Shards lie beside the index, and their names hold no path. They may be links that lead elsewhere: the cache of the Hugging Face
 * hub consists of such links, and a link is made by whoever owns the folder, not by whoever wrote the index.
 * @param readShard reads one file that is no index itself
 * @throws OpError `weights-damaged`, `file-missing` for a shard, and what `readShard` throws
 */
export async function readWeightIndex(
  file: WeightFile,
  readShard: (path: string) => Promise<WeightTable>,
): Promise<WeightTable> {
  if (file.size > largestIndex) throw unsupportedWeights(file.name, `an index of ${file.size} bytes is too large`);
  const index = parseJsonObject(file.name, await file.read(0, file.size), "its text");
  const map = index["weight_map"];
  if (!isRecord(map)) throw unknownWeightsFormat(file.name, "JSON without a `weight_map`");
  const wanted = groupByShard(file.name, map);
  const folder = dirname(resolve(file.path));
  const weights = new Map<string, StoredWeight>();
  const paths: string[] = [];
  for (const [shard, tensors] of wanted) {
    const table = await readShard(join(folder, shard)).catch((error: unknown) => {
      throw isMissing(error) ? missingShard(file.name, folder, shard) : error;
    });
    for (const tensor of tensors) {
      const weight = table.weights.get(tensor);
      if (weight === undefined) {
        throw damagedWeights(file.name, `its shard ${shownName(shard)} has no tensor ${shownName(tensor)}`);
      }
      weights.set(tensor, movePaths(weight, paths.length));
    }
    paths.push(...table.paths);
  }
  return { file: file.name, paths, weights };
}

function groupByShard(file: string, map: Readonly<Record<string, unknown>>): ReadonlyMap<string, readonly string[]> {
  const wanted = new Map<string, string[]>();
  for (const [tensor, shard] of Object.entries(map)) {
    if (typeof shard !== "string") throw damagedWeights(file, `it names no shard for the tensor ${shownName(tensor)}`);
    if (!isPlainName(shard)) {
      const problem = `it names the shard "${shownName(shard)}"; shards are files beside the index, without a path`;
      throw damagedWeights(file, problem);
    }
    const tensors = wanted.get(shard);
    if (tensors) tensors.push(tensor);
    else wanted.set(shard, [tensor]);
  }
  return wanted;
}

/** Also under Windows, where a colon begins a path on another drive. */
function isPlainName(shard: string): boolean {
  return shard !== "" && shard !== "." && shard !== ".." && !/[/\\:\0]/.test(shard);
}

function movePaths(weight: StoredWeight, first: number): StoredWeight {
  const { place } = weight;
  return place.kind === "file" ? { ...weight, place: { ...place, path: first + place.path } } : weight;
}

function isMissing(error: unknown): boolean {
  return error instanceof OpError && error.code === "file-missing";
}

function missingShard(index: string, folder: string, shard: string): OpError {
  const message = `${index} keeps weights in ${shownName(shard)}, and there is no such file in ${folder}.`;
  return new OpError("file-missing", message, "Download every part into the folder of the index.");
}
