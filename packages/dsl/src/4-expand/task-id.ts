import type { TaskId } from "./task-graph.ts";

/**
 * Gives every task key an id that no other key of the graph has: the op and eight hex digits of the key's hash, more
 * of them where two keys share eight.
 */
export function createTaskIds(): (op: string, key: string) => TaskId {
  const taken = new Set<TaskId>();
  return (op, key) => {
    let digits = hashText(key);
    for (let length = 8; ; length += 1) {
      // Past the hash's own length, hash it again for more digits.
      if (length > digits.length) digits += hashText(digits + key);
      const id = `${op}:${digits.slice(0, length)}`;
      if (taken.has(id)) continue;
      taken.add(id);
      return id;
    }
  };
}

/** FNV-1a, 64 bits, over the UTF-16 units of a text (low byte first), as 16 hex digits: the folded half, then the low one. */
export function hashText(text: string): string {
  let high = 0xcbf29ce4;
  let low = 0x84222325;
  for (let position = 0; position < text.length; position += 1) {
    const unit = text.charCodeAt(position);
    // A high byte of 0 changes nothing before it is multiplied: both steps are then one.
    const isNarrow = unit <= 0xff;
    const factor = isNarrow ? primeSquared : prime;
    for (let shift = 0; shift < (isNarrow ? 8 : 16); shift += 8) {
      low = (low ^ ((unit >>> shift) & 0xff)) >>> 0;
      const product = low * factor.low;
      const carried = Math.floor(product / 0x100000000);
      high = (Math.imul(high, factor.low) + carried + Math.imul(low, factor.high)) >>> 0;
      low = product >>> 0;
    }
  }
  return hexOf((high ^ low) >>> 0) + hexOf(low);
}

/** 2^40 + 0x1b3, and its square modulo 2^64, in halves of 32 bits. */
const prime = { high: 0x100, low: 0x1b3 } as const;
const primeSquared = { high: 2 * 0x100 * 0x1b3, low: 0x1b3 * 0x1b3 } as const;

function hexOf(half: number): string {
  return half.toString(16).padStart(8, "0");
}
