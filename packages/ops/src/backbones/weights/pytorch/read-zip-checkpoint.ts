import { withWeightFile, type WeightFile } from "../weight-file.ts";
import type { StoredWeight, WeightTable } from "../weight-table.ts";
import {
  changedWeights,
  damagedWeights,
  shownName,
  unknownWeightsFormat,
  unsupportedWeights,
} from "../weights-errors.ts";
import { flattenTensors } from "./flatten-tensors.ts";
import { placeTensor, type StoragePlace } from "./place-tensor.ts";
import type { PickleValue } from "./pickle-values.ts";
import { readZipEntry } from "./read-zip-entry.ts";
import { EndOfPickle, pickleLimits, unpickle } from "./unpickle.ts";
import { readZipDirectory, type ZipEntry } from "./zip-directory.ts";

/**
 * The tensors of a PyTorch checkpoint as `torch.save` writes it since 1.6: a zip archive of one folder with `data.pkl` (what
 * there is), `data/KEY` (a storage each, used in place where it is not compressed) and `byteorder`.
 * @throws OpError `weights-damaged`, `weights-unsupported`, `weights-unsafe`, `weights-format-unknown`, `weights-unreadable`
 */
export async function readZipCheckpoint(file: WeightFile): Promise<WeightTable> {
  const entries = await readZipDirectory(file);
  const folder = findFolder(file.name, entries);
  const isBigEndian = await readByteOrder(file, entries.get(`${folder}/byteorder`));
  const pickle = await readZipEntry(file, entries.get(`${folder}/data.pkl`)!, pickleLimits.bytes);
  const weights = new Map<string, StoredWeight>();
  for (const [name, tensor] of flattenTensors(file.name, unpickleWhole(file.name, pickle))) {
    const entry = entries.get(`${folder}/data/${tensor.storage.key}`);
    if (entry === undefined) {
      const problem = `the storage ${shownName(tensor.storage.key)} of its tensor ${shownName(name)} is missing`;
      throw damagedWeights(file.name, problem);
    }
    weights.set(name, placeTensor(file.name, name, tensor, placeStorage(file, entry, isBigEndian)));
  }
  return { file: file.name, paths: [file.path], weights };
}

function findFolder(file: string, entries: ReadonlyMap<string, ZipEntry>): string {
  const folders = [...entries.keys()].flatMap((name) => /^([^/]+)\/data\.pkl$/.exec(name)?.[1] ?? []);
  const [folder] = folders;
  if (folder === undefined)
    throw unknownWeightsFormat(file, "a zip archive without the data.pkl of a PyTorch checkpoint");
  if (folders.length > 1) throw damagedWeights(file, "it holds two checkpoints");
  if (entries.has(`${folder}/constants.pkl`)) {
    const hint = "Load it by `torch.jit.load` and save its `state_dict()` as safetensors.";
    throw unsupportedWeights(file, "it is a TorchScript archive, which holds code beside its weights", hint);
  }
  return folder;
}

/** Files from before PyTorch 2.1 do not say it; nearly all of them were written on little-endian machines. */
async function readByteOrder(file: WeightFile, entry: ZipEntry | undefined): Promise<boolean> {
  if (entry === undefined) return false;
  const order = (await readZipEntry(file, entry, 64)).toString("latin1");
  if (order !== "little" && order !== "big") throw damagedWeights(file.name, "its byteorder is neither little nor big");
  return order === "big";
}

function unpickleWhole(file: string, pickle: Buffer): PickleValue {
  try {
    return unpickle(file, pickle, 0).value;
  } catch (error) {
    throw error instanceof EndOfPickle ? damagedWeights(file, "its data.pkl is cut short") : error;
  }
}

function placeStorage(file: WeightFile, entry: ZipEntry, isBigEndian: boolean): StoragePlace {
  const { path, size } = file;
  const read = (offset: number, length: number) =>
    withWeightFile(path, async (again) => {
      if (again.size !== size) throw changedWeights(file.name);
      if (!entry.isDeflated) return again.read(entry.offset + offset, length);
      return (await readZipEntry(again, entry, largestDeflated)).subarray(offset, offset + length);
    });
  return { bytes: entry.size, offset: entry.isDeflated ? null : entry.offset, read, isBigEndian };
}

/** Bytes of a storage that is unpacked in memory. PyTorch itself never compresses them. */
const largestDeflated = 2 ** 31;
