import { shownName, unsafeWeights } from "../weights-errors.ts";
import { createPickleMachine, EndOfPickle, pickleLimits } from "./pickle-machine.ts";
import { pickleOperations } from "./pickle-operations.ts";
import type { PickleStorage, PickleValue } from "./pickle-values.ts";
import { refusedOpcodes } from "./refused-opcodes.ts";

export { EndOfPickle, pickleLimits };

export interface Unpickled {
  readonly value: PickleValue;
  /** Every storage that it names, by key. */
  readonly storages: ReadonlyMap<string, PickleStorage>;
  /** Where the bytes after it begin. */
  readonly end: number;
}

/**
 * Reads one pickle of the protocols 2 to 5 as plain data and tensors. Nothing in it is imported or called: an opcode either makes
 * data, or the pickle is refused. Source: CPython's Lib/pickletools.py, which describes every opcode.
 * @param bytes a file from its beginning, or the pickle alone
 * @param start where the pickle begins
 * @throws EndOfPickle where it goes on beyond the bytes
 * @throws OpError `weights-damaged`, `weights-unsupported`, `weights-unsafe`
 */
export function unpickle(file: string, bytes: Buffer, start: number): Unpickled {
  const machine = createPickleMachine(file, bytes, start);
  for (;;) {
    const opcode = machine.take(1)[0]!;
    machine.spend(1);
    if (opcode === stop) return { value: machine.pop(), storages: machine.storages, end: machine.position() };
    const operation = pickleOperations.get(opcode);
    if (operation) {
      operation(machine);
      continue;
    }
    const refused = refusedOpcodes.get(opcode);
    if (refused === undefined)
      throw machine.damaged(`0x${opcode.toString(16).padStart(2, "0")} is no opcode of a pickle`);
    const does = refused.does(machine);
    throw does === null
      ? machine.damaged(`it uses the opcode ${refused.name}, which no checkpoint needs`)
      : unsafeWeights(file, shownName(does));
  }
}

const stop = 0x2e;
