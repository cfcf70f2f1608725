import { pickleLimits, type PickleMachine } from "./pickle-machine.ts";

/** A whole number of any size, two's complement, little-endian; a bigint only where a double would not hold it exactly. */
export function readLong(machine: PickleMachine, length: number): number | bigint {
  if (length < 0 || length > pickleLimits.numberBytes) throw machine.damaged(`a whole number is ${length} bytes long`);
  const bytes = machine.take(length);
  if (length === 0) return 0;
  const value = BigInt.asIntN(8 * length, BigInt(`0x${Buffer.from(bytes).reverse().toString("hex")}`));
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}

/** A `str` of Python 2 is bytes; most of them are text. */
export function decodeString(bytes: Buffer): string | Uint8Array {
  const text = bytes.toString("utf8");
  return text.includes("\ufffd") ? bytes : text;
}
