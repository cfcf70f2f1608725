import type { PickleMachine } from "./pickle-machine.ts";

export interface RefusedOpcode {
  /** As CPython's pickletools call it. */
  readonly name: string;
  /** What Python would do by it, e.g. `call os.system`; null where it is merely old or has no place in a checkpoint. */
  readonly does: (machine: PickleMachine) => string | null;
}

/** Opcodes that PyTorch never writes: those that make objects in old ways, text forms of protocol 0, shared buffers. */
export const refusedOpcodes: ReadonlyMap<number, RefusedOpcode> = new Map<number, RefusedOpcode>([
  [0x69, { name: "INST", does: (machine) => `call ${machine.line()}.${machine.line()}` }],
  [0x6f, { name: "OBJ", does: () => "make an object by the opcode OBJ" }],
  [0x82, { name: "EXT1", does: (machine) => extension(machine.take(1).readUInt8()) }],
  [0x83, { name: "EXT2", does: (machine) => extension(machine.take(2).readUInt16LE()) }],
  [0x84, { name: "EXT4", does: (machine) => extension(machine.take(4).readInt32LE()) }],
  ...merelyOld([
    [0x46, "FLOAT"],
    [0x49, "INT"],
    [0x4c, "LONG"],
    [0x50, "PERSID"],
    [0x53, "STRING"],
    [0x56, "UNICODE"],
    [0x64, "DICT"],
    [0x67, "GET"],
    [0x6c, "LIST"],
    [0x70, "PUT"],
    [0x8f, "EMPTY_SET"],
    [0x90, "ADDITEMS"],
    [0x91, "FROZENSET"],
    [0x97, "NEXT_BUFFER"],
    [0x98, "READONLY_BUFFER"],
  ]),
]);

/** Objects that a program has registered under a number. */
function extension(code: number): string {
  return `make the object that is registered as extension ${code}`;
}

function merelyOld(opcodes: readonly (readonly [number, string])[]): readonly (readonly [number, RefusedOpcode])[] {
  return opcodes.map(([opcode, name]) => [opcode, { name, does: () => null }]);
}
