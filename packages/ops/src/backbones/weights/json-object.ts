import { findRepeatedKey } from "./repeated-key.ts";
import { damagedWeights, shownName } from "./weights-errors.ts";

/**
 * Bytes as a JSON object.
 * @param what how messages call them, e.g. `its header`
 * @throws OpError `weights-damaged` where they are none, or give a key twice
 */
export function parseJsonObject(file: string, bytes: Uint8Array, what: string): Readonly<Record<string, unknown>> {
  const text = decode(bytes);
  const value = text === null ? null : parse(text);
  if (text === null || !isRecord(value)) throw damagedWeights(file, `${what} is no JSON object`);
  const repeated = findRepeatedKey(text);
  if (repeated !== null) throw damagedWeights(file, `${what} gives "${shownName(repeated)}" twice`);
  return value;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
