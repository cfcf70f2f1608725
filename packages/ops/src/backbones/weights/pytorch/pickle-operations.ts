import { decodeString, readLong } from "./pickle-scalars.ts";
import { findGlobal } from "./pickle-globals.ts";
import type { PickleMachine } from "./pickle-machine.ts";
import { isOfKind, type PickleDict, type PickleValue } from "./pickle-values.ts";
import { resolvePersistentId } from "./persistent-id.ts";
import { buildObject, makeObject, reduceGlobal } from "./reduce-global.ts";

type PickleOperation = (machine: PickleMachine) => void;

/** What each opcode does, but for STOP. Names are CPython's. */
export const pickleOperations: ReadonlyMap<number, PickleOperation> = new Map<number, PickleOperation>([
  // PROTO, FRAME: how the pickle is written, nothing of what it says.
  [0x80, (machine) => requireProtocol(machine, machine.take(1)[0]!)],
  [0x95, (machine) => void machine.take(8)],

  // NONE, NEWTRUE, NEWFALSE; BININT, BININT1, BININT2, LONG1, LONG4, BINFLOAT.
  [0x4e, (machine) => machine.push(null)],
  [0x88, (machine) => machine.push(true)],
  [0x89, (machine) => machine.push(false)],
  [0x4a, (machine) => machine.push(machine.take(4).readInt32LE())],
  [0x4b, (machine) => machine.push(machine.take(1).readUInt8())],
  [0x4d, (machine) => machine.push(machine.take(2).readUInt16LE())],
  [0x8a, (machine) => machine.push(readLong(machine, machine.take(1).readUInt8()))],
  [0x8b, (machine) => machine.push(readLong(machine, machine.take(4).readInt32LE()))],
  [0x47, (machine) => machine.push(machine.take(8).readDoubleBE())],

  // BINUNICODE, SHORT_BINUNICODE, BINUNICODE8; BINSTRING, SHORT_BINSTRING, which are texts of Python 2.
  [0x58, (machine) => machine.push(machine.take(machine.take(4).readUInt32LE()).toString("utf8"))],
  [0x8c, (machine) => machine.push(machine.take(machine.take(1).readUInt8()).toString("utf8"))],
  [0x8d, (machine) => machine.push(machine.take(readLength(machine)).toString("utf8"))],
  [0x54, (machine) => machine.push(decodeString(machine.take(machine.take(4).readUInt32LE())))],
  [0x55, (machine) => machine.push(decodeString(machine.take(machine.take(1).readUInt8())))],
  // BINBYTES, SHORT_BINBYTES, BINBYTES8, BYTEARRAY8.
  [0x42, (machine) => machine.push(machine.take(machine.take(4).readUInt32LE()))],
  [0x43, (machine) => machine.push(machine.take(machine.take(1).readUInt8()))],
  [0x8e, (machine) => machine.push(machine.take(readLength(machine)))],
  [0x96, (machine) => machine.push(machine.take(readLength(machine)))],

  // EMPTY_DICT, EMPTY_LIST, EMPTY_TUPLE, TUPLE, TUPLE1, TUPLE2, TUPLE3.
  [0x7d, (machine) => pushDict(machine)],
  [0x5d, (machine) => pushSequence(machine, "list", [])],
  [0x29, (machine) => pushSequence(machine, "tuple", [])],
  [0x74, (machine) => pushSequence(machine, "tuple", machine.popMark())],
  [0x85, (machine) => pushSequence(machine, "tuple", popMany(machine, 1))],
  [0x86, (machine) => pushSequence(machine, "tuple", popMany(machine, 2))],
  [0x87, (machine) => pushSequence(machine, "tuple", popMany(machine, 3))],

  // APPEND, APPENDS, SETITEM, SETITEMS.
  [0x61, (machine) => append(machine, [machine.pop()])],
  [0x65, (machine) => append(machine, machine.popMark())],
  [0x73, (machine) => setItems(machine, popMany(machine, 2))],
  [0x75, (machine) => setItems(machine, machine.popMark())],

  // MARK, POP, POP_MARK, DUP; BINPUT, LONG_BINPUT, MEMOIZE, BINGET, LONG_BINGET.
  [0x28, (machine) => machine.mark()],
  [0x30, (machine) => void machine.pop()],
  [0x31, (machine) => void machine.popMark()],
  [0x32, (machine) => machine.push(machine.top())],
  [0x71, (machine) => machine.memoize(machine.take(1).readUInt8())],
  [0x72, (machine) => machine.memoize(machine.take(4).readUInt32LE())],
  [0x94, (machine) => machine.memoizeNext()],
  [0x68, (machine) => machine.recall(machine.take(1).readUInt8())],
  [0x6a, (machine) => machine.recall(machine.take(4).readUInt32LE())],

  // GLOBAL, STACK_GLOBAL, REDUCE, BUILD, NEWOBJ, NEWOBJ_EX, BINPERSID.
  [0x63, (machine) => machine.push(findGlobal(machine.file, machine.line(), machine.line()))],
  [0x93, pushStackGlobal],
  [0x52, (machine) => pushCall(machine, reduceGlobal)],
  [0x62, (machine) => buildObject(machine, machine.pop())],
  [0x81, (machine) => pushCall(machine, makeObject)],
  [
    0x92,
    (machine) => {
      machine.pop();
      pushCall(machine, makeObject);
    },
  ],
  [0x51, (machine) => machine.push(resolvePersistentId(machine, machine.pop()))],
]);

function requireProtocol(machine: PickleMachine, protocol: number): void {
  if (protocol < 2 || protocol > 5) throw machine.damaged(`it is of protocol ${protocol}, where 2 to 5 are read`);
}

function readLength(machine: PickleMachine): number {
  return Number(machine.take(8).readBigUInt64LE());
}

function pushDict(machine: PickleMachine): void {
  machine.countObject();
  machine.push({ kind: "dict", entries: new Map() } satisfies PickleDict);
}

function pushSequence(machine: PickleMachine, kind: "list" | "tuple", items: PickleValue[]): void {
  machine.countObject();
  machine.push({ kind, items });
}

function popMany(machine: PickleMachine, count: number): PickleValue[] {
  return Array.from({ length: count }, () => machine.pop()).reverse();
}

function append(machine: PickleMachine, items: readonly PickleValue[]): void {
  const list = machine.top();
  if (!isOfKind(list, "list")) throw machine.damaged("it appends to what is no list");
  // Not by a spread: the arguments of a call lie on the stack, and there may be a million of them.
  for (const item of items) list.items.push(item);
}

function setItems(machine: PickleMachine, items: readonly PickleValue[]): void {
  const dict = machine.top();
  if (!isOfKind(dict, "dict") || items.length % 2 !== 0)
    throw machine.damaged("it sets items of what is no dictionary");
  for (let index = 0; index < items.length; index += 2) dict.entries.set(items[index]!, items[index + 1]!);
}

function pushStackGlobal(machine: PickleMachine): void {
  const [module, name] = popMany(machine, 2);
  if (typeof module !== "string" || typeof name !== "string") throw machine.damaged("a name to import is no text");
  machine.push(findGlobal(machine.file, module, name));
}

type Call = (machine: PickleMachine, called: PickleValue, args: readonly PickleValue[]) => PickleValue;

function pushCall(machine: PickleMachine, call: Call): void {
  const [called, args] = popMany(machine, 2);
  if (!isOfKind(args, "tuple")) throw machine.damaged("the arguments of a call are no tuple");
  machine.countObject();
  machine.push(call(machine, called!, args.items));
}
