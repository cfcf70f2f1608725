import { expect, test } from "vitest";
import { createTaskIds, hashText } from "./task-id.ts";

/** FNV-1a over 64 bits as its authors define it, in big integers. */
function plainHash(text: string): bigint {
  let hash = 0xcbf29ce484222325n;
  const units = Uint16Array.from({ length: text.length }, (_, position) => text.charCodeAt(position));
  for (const byte of new Uint8Array(units.buffer)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  return hash;
}

test.each(["", "a", "knn|k=11", "é\u4e2d ".repeat(50)])("the hash of %j is FNV-1a, its first half folded", (text) => {
  const hash = plainHash(text);
  const low = hash & 0xffffffffn;
  const hex = (half: bigint): string => half.toString(16).padStart(8, "0");
  expect(hashText(text)).toBe(hex((hash >> 32n) ^ low) + hex(low));
});

test("an id has eight digits, and more where the same digits are taken", () => {
  const makeId = createTaskIds();
  const digits = hashText("key");
  const ids = Array.from({ length: 12 }, () => makeId("knn", "key"));
  expect(ids[0]).toBe(`knn:${digits.slice(0, 8)}`);
  expect(ids[1]).toBe(`knn:${digits.slice(0, 9)}`);
  expect(new Set(ids).size).toBe(12);
});
