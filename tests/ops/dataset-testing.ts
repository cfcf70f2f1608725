import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import type { OpContext } from "../../packages/ops/src/op-context.ts";

/** A context for an op without inputs, as the runner would hand it over. */
export function contextFor(params: Readonly<Record<string, unknown>>): OpContext {
  return {
    params,
    inputs: {},
    fileDigests: {},
    threads: 1,
    device: "cpu",
    pseudonym: (identifier) => `hash of ${identifier}`,
    signal: new AbortController().signal,
    progress: () => undefined,
  };
}

/** A fresh temporary folder; the test removes it. */
export function createFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), "exp-ops-"));
}

/** A grey 8-bit PNG of one value. */
export async function writeGreyPng(
  path: string,
  { width, height, value }: { readonly width: number; readonly height: number; readonly value: number },
): Promise<void> {
  const pixels = new Uint8Array(width * height).fill(value);
  await sharp(pixels, { raw: { width, height, channels: 1 } })
    .toColourspace("b-w")
    .png()
    .toFile(path);
}
