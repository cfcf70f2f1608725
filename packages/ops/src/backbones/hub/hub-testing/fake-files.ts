import { createHash } from "node:crypto";
import type { FakeFile, FakeRepository } from "./fake-hub-answers.ts";

export const fakeCommit = "0123456789abcdef0123456789abcdef01234567";

/** Bytes that tell their place: a part that is written where it does not belong changes them. */
export function fakeBytes(length: number, seed = 1): Uint8Array {
  return Uint8Array.from({ length }, (_, place) => (place * 31 + (place >> 8) * 7 + seed) & 0xff);
}

export function large(bytes: Uint8Array): FakeFile {
  return { bytes, isLarge: true };
}

export function small(text: string): FakeFile {
  return { bytes: Buffer.from(text), isLarge: false };
}

export function repository(files: FakeRepository["files"], more: Partial<FakeRepository> = {}): FakeRepository {
  return { commit: fakeCommit, files, ...more };
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
