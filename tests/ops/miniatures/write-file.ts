import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import sharp from "sharp";

/** Writes a file, with the folders that lead to it. */
export async function writeFileAt(root: string, name: string, content: Uint8Array | string): Promise<void> {
  const path = join(root, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

export interface PixelSize {
  readonly width: number;
  readonly height: number;
}

/** A grey 8-bit PNG. */
export async function encodeGreyPng(greys: Uint8Array, { width, height }: PixelSize): Promise<Uint8Array> {
  return sharp(greys, { raw: { width, height, channels: 1 } })
    .toColourspace("b-w")
    .png()
    .toBuffer();
}

/** An 8-bit PNG of equal red, green and blue, with an opaque alpha channel if wanted. */
export async function encodeColourPng(
  greys: Uint8Array,
  { width, height, hasAlpha }: PixelSize & { readonly hasAlpha: boolean },
): Promise<Uint8Array> {
  const channels = hasAlpha ? 4 : 3;
  const values = Uint8Array.from({ length: greys.length * channels }, (_, index) =>
    index % channels === 3 ? 255 : greys[Math.floor(index / channels)]!,
  );
  return sharp(values, { raw: { width, height, channels } }).png().toBuffer();
}
