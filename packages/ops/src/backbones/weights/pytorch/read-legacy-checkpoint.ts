import { withWeightFile, type WeightFile } from "../weight-file.ts";
import { weightTypes, type StoredWeight, type WeightTable } from "../weight-table.ts";
import { changedWeights, damagedWeights, shownName, unknownWeightsFormat } from "../weights-errors.ts";
import { flattenTensors } from "./flatten-tensors.ts";
import { placeTensor, type StoragePlace } from "./place-tensor.ts";
import { isOfKind, type PickleStorage, type PickleValue } from "./pickle-values.ts";
import { EndOfPickle, unpickle } from "./unpickle.ts";

/**
 * The tensors of a PyTorch checkpoint as `torch.save` wrote it before 1.6: five pickles (a magic number, the protocol, the
 * machine, what there is, the keys of the storages), then for each key 8 bytes of count and the values. Both are
 * little-endian whatever the machine was. Source: `_legacy_save` in torch/serialization.py, THPStorage_writeFileRaw.
 * @throws OpError `weights-damaged`, `weights-unsupported`, `weights-unsafe`, `weights-format-unknown`
 */
export async function readLegacyCheckpoint(file: WeightFile): Promise<WeightTable> {
  const pickles = await readPickles(file);
  const places = await placeStorages(file, pickles);
  const weights = new Map<string, StoredWeight>();
  for (const [name, tensor] of flattenTensors(file.name, pickles.top)) {
    const place = places.get(tensor.storage.key);
    if (place === undefined) {
      const problem = `the storage ${shownName(tensor.storage.key)} of its tensor ${shownName(name)} is missing`;
      throw damagedWeights(file.name, problem);
    }
    weights.set(name, placeTensor(file.name, name, tensor, place));
  }
  return { file: file.name, paths: [file.path], weights };
}

interface LegacyPickles {
  readonly top: PickleValue;
  readonly storages: ReadonlyMap<string, PickleStorage>;
  /** Of the storages, in the order in which they follow. */
  readonly keys: readonly PickleValue[];
  /** Where the pickles end in the file. */
  readonly end: number;
}

/** How long the pickles are is known only once they are read, so that twice as much is read where they go on. */
async function readPickles(file: WeightFile): Promise<LegacyPickles> {
  for (let length = Math.min(file.size, 2 ** 20); ; length = Math.min(file.size, 2 * length)) {
    const bytes = await file.read(0, length);
    try {
      return parsePickles(file.name, bytes);
    } catch (error) {
      if (!(error instanceof EndOfPickle)) throw error;
      if (length === file.size) throw damagedWeights(file.name, "it ends inside its pickles");
    }
  }
}

function parsePickles(file: string, bytes: Buffer): LegacyPickles {
  const magic = unpickle(file, bytes, 0);
  if (magic.value !== magicNumber) throw unknownWeightsFormat(file, "a pickle that PyTorch did not write");
  const protocol = unpickle(file, bytes, magic.end);
  if (protocol.value !== protocolVersion)
    throw damagedWeights(file, "it is of a protocol of PyTorch that is not known");
  const machine = unpickle(file, bytes, protocol.end);
  const { value: top, storages, end } = unpickle(file, bytes, machine.end);
  const keys = unpickle(file, bytes, end);
  if (!isOfKind(keys.value, "list")) throw damagedWeights(file, "the keys of its storages are no list");
  return { top, storages, keys: keys.value.items, end: keys.end };
}

const magicNumber = 0x1950a86a20f9469cfc6cn;
const protocolVersion = 1001;

async function placeStorages(
  file: WeightFile,
  { storages, keys, end }: LegacyPickles,
): Promise<ReadonlyMap<string, StoragePlace>> {
  const places = new Map<string, StoragePlace>();
  let at = end;
  for (const key of keys) {
    const text = typeof key === "object" ? "" : String(key);
    const shown = shownName(text);
    const storage = storages.get(text);
    if (storage === undefined) throw damagedWeights(file.name, `nothing in it refers to its storage ${shown}`);
    if (places.has(storage.key)) throw damagedWeights(file.name, `its storage ${shown} comes twice`);
    const count = Number((await file.read(at, 8)).readBigUInt64LE());
    if (count !== storage.count) {
      throw damagedWeights(
        file.name,
        `its storage ${shown} has ${count} values in one place and ${storage.count} in another`,
      );
    }
    const bytes = count * weightTypes[storage.type];
    places.set(storage.key, placeStorage(file, at + 8, bytes));
    at += 8 + bytes;
    if (at > file.size) throw damagedWeights(file.name, `it ends inside its storage ${shown}`);
  }
  return places;
}

function placeStorage({ path, name, size }: WeightFile, start: number, bytes: number): StoragePlace {
  const read = (offset: number, length: number) =>
    withWeightFile(path, async (again) => {
      if (again.size !== size) throw changedWeights(name);
      return again.read(start + offset, length);
    });
  return { bytes, offset: start, read, isBigEndian: false };
}
