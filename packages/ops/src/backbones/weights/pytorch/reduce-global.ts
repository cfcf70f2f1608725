import { unsupportedWeights, unsafeWeights } from "../weights-errors.ts";
import { mayBeBuilt, orderedDict, rebuilds, torchSize } from "./pickle-globals.ts";
import type { PickleMachine } from "./pickle-machine.ts";
import {
  isCount,
  isOfKind,
  isPickleObject,
  type PickleDict,
  type PickleTensor,
  type PickleValue,
} from "./pickle-values.ts";

/** REDUCE: what calling one of the known names would give, without calling anything. */
export function reduceGlobal(machine: PickleMachine, called: PickleValue, args: readonly PickleValue[]): PickleValue {
  if (!isOfKind(called, "global")) throw machine.damaged("it calls what is no name");
  if (called.name === orderedDict) return makeDict(machine, args);
  if (called.name === torchSize) return makeSize(machine, args);
  const rebuild = rebuilds.get(called.name);
  if (rebuild === "tensor") return makeTensor(machine, args);
  if (rebuild === "parameter" && isOfKind(args[0], "tensor")) return args[0];
  return makeInert(machine, called.name);
}

/** NEWOBJ, NEWOBJ_EX: an object of a class, before it is told what it holds. */
export function makeObject(machine: PickleMachine, called: PickleValue, args: readonly PickleValue[]): PickleValue {
  if (!isOfKind(called, "global")) throw machine.damaged("it makes an object of what is no class");
  return called.name === orderedDict ? makeDict(machine, args) : makeInert(machine, called.name);
}

/**
 * BUILD: tells an object what it holds. Of an ordered dictionary this is what modules say of themselves (`_metadata`), beside its
 * items; of an inert value nobody asks.
 */
export function buildObject(machine: PickleMachine, _state: PickleValue): void {
  const object = machine.top();
  if (isOfKind(object, "dict") || isOfKind(object, "inert")) return;
  throw machine.damaged(`it sets attributes of ${isPickleObject(object) ? `a ${object.kind}` : "plain data"}`);
}

function makeInert(machine: PickleMachine, name: string): PickleValue {
  if (!mayBeBuilt(name)) throw unsafeWeights(machine.file, `call ${name} with arguments of its own`);
  return { kind: "inert", name };
}

/** Empty, or by Python 2 a list of pairs. */
function makeDict(machine: PickleMachine, args: readonly PickleValue[]): PickleDict {
  const [list] = args;
  if (list !== undefined && !isOfKind(list, "list")) throw machine.damaged("an ordered dictionary is made of no list");
  const pairs = list?.items ?? [];
  machine.spend(pairs.length);
  const entries = pairs.map((pair): [PickleValue, PickleValue] => {
    const items = isOfKind(pair, "list") || isOfKind(pair, "tuple") ? pair.items : [];
    if (items.length !== 2) throw machine.damaged("an ordered dictionary is made of no pairs");
    return [items[0]!, items[1]!];
  });
  return { kind: "dict", entries: new Map(entries) };
}

function makeSize(machine: PickleMachine, [sizes]: readonly PickleValue[]): PickleValue {
  if (!isOfKind(sizes, "tuple") && !isOfKind(sizes, "list")) throw machine.damaged("a torch.Size is made of no tuple");
  return { kind: "tuple", items: sizes.items };
}

/** `(storage, offset, shape, strides, requires_grad, hooks, metadata)`, the last three of no use but for flags. */
function makeTensor(machine: PickleMachine, args: readonly PickleValue[]): PickleTensor {
  const [storage, offset, shape, strides, , , flags = null] = args;
  if (!isOfKind(storage, "storage") || !isCount(offset)) throw machine.damaged("a tensor is made of no storage");
  const [sizes, steps] = [readCounts(shape), readCounts(strides)];
  if (sizes === null || sizes.length !== steps?.length) throw machine.damaged("a tensor has no shape or no strides");
  // Values that are still to be negated, or conjugated.
  const marks = isOfKind(flags, "dict") ? flags.entries : new Map<PickleValue, PickleValue>();
  machine.spend(marks.size);
  const isLazy = [...marks.values()].some(Boolean);
  if (isLazy) throw unsupportedWeights(machine.file, "it holds a tensor that is to be negated or conjugated first");
  return { kind: "tensor", storage, offset, shape: sizes, strides: steps };
}

/** Dimensions that PyTorch allows. */
const mostDimensions = 64;

function readCounts(value: PickleValue | undefined): readonly number[] | null {
  const isSequence = isOfKind(value, "tuple") || isOfKind(value, "list");
  if (!isSequence || value.items.length > mostDimensions) return null;
  const { items } = value;
  return items.every(isCount) ? [...items] : null;
}
