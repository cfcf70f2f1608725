import { shownName, unsafeWeights, unsupportedWeights } from "../weights-errors.ts";
import { storageTypes } from "./pickle-globals.ts";
import type { PickleMachine } from "./pickle-machine.ts";
import { isCount, isOfKind, type PickleStorage, type PickleValue } from "./pickle-values.ts";

/**
 * What PyTorch keeps outside of the pickle: `("storage", type, key, device, count)`, and in a legacy file a sixth member, which is
 * None or `(key, offset, count)`: a part of the storage that was one of its own. Counts and offsets are in elements.
 * Source: `persistent_id` in torch/serialization.py.
 * @throws OpError `weights-damaged`, `weights-unsafe` (a whole module, which Python would import)
 */
export function resolvePersistentId(machine: PickleMachine, id: PickleValue): PickleStorage {
  if (!isOfKind(id, "tuple")) throw machine.damaged("it refers to something by what is no tuple");
  const [what, type, key, , count, view = null] = id.items;
  if (what === "module") throw unsafeWeights(machine.file, "import the code of its own network");
  if (what !== "storage" || !isOfKind(type, "global") || !isCount(count) || id.items.length > 6) {
    throw machine.damaged("it refers to a storage in a way that PyTorch does not");
  }
  const element = storageTypes.get(type.name);
  if (element === undefined) throw machine.damaged(`${shownName(type.name)} is no type of a storage`);
  if (element === null) throw unsupportedWeights(machine.file, `it has a storage without a type (${type.name})`);
  machine.countObject();
  const named = readKey(machine, key);
  const storage: PickleStorage = {
    kind: "storage",
    type: element,
    key: named,
    count,
    view: readView(machine, view, count),
  };
  if (!machine.storages.has(named)) machine.storages.set(named, storage);
  return storage;
}

function readKey(machine: PickleMachine, key: PickleValue | undefined): string {
  // Numbers and bytes by Python 2.
  if (typeof key === "number" || typeof key === "bigint") return String(key);
  if (typeof key !== "string" || key.length > 256) throw machine.damaged("the key of a storage is no short text");
  return key;
}

function readView(machine: PickleMachine, view: PickleValue, whole: number): PickleStorage["view"] {
  if (view === null) return null;
  const [, offset, count] = isOfKind(view, "tuple") ? view.items : [];
  if (!isCount(offset) || !isCount(count) || offset + count > whole) {
    throw machine.damaged("a part of a storage goes beyond it");
  }
  return { offset, count };
}
