import { posix } from "node:path";
import { encodePalettePng } from "./palette-png.ts";
import { drawSmall } from "./small-drawing.ts";
import { encodeColourPng, encodeGreyPng, writeFileAt, type PixelSize } from "./write-file.ts";

type PngKind = "grey" | "palette" | "falling palette" | "colour";

export interface NlmMiniatureOptions {
  readonly folder: string;
  readonly masks: string | null;
  readonly prefix: "MCUCXR" | "CHNCXR";
  readonly numbers: { readonly normal: readonly number[]; readonly tuberculosis: readonly number[] };
  /** Taken in turn. */
  readonly kinds: readonly PngKind[];
}

/** Small images of one of the two NLM sets, and what lies beside them. */
export async function writeNlmMiniature(
  root: string,
  { folder, masks, prefix, numbers, kinds }: NlmMiniatureOptions,
): Promise<void> {
  const files = [
    ...numbers.normal.map((number) => ({ number, label: 0 })),
    ...numbers.tuberculosis.map((number) => ({ number, label: 1 })),
  ];
  for (const [place, { number, label }] of files.entries()) {
    const size = place % 3 === 0 ? { width: 33, height: 28 } : { width: 28, height: 33 };
    const stem = `${prefix}_${String(number).padStart(4, "0")}_${String(label)}`;
    const greys = drawSmall({ ...size, label, seed: number });
    await writeFileAt(root, `${folder}/${stem}.png`, await encode(greys, size, kinds[place % kinds.length]!));
    const readings = posix.join(posix.dirname(folder), "ClinicalReadings");
    await writeFileAt(root, `${readings}/${stem}.txt`, label === 0 ? "normal\n" : "infiltrate\n");
    if (masks === null) continue;
    const mask = greys.map((grey) => (grey > 120 ? 255 : 0));
    await writeFileAt(root, `${masks}/${stem}.png`, await encodeGreyPng(mask, size));
  }
  await writeFileAt(root, `${folder}/Thumbs.db`, "no image");
}

async function encode(greys: Uint8Array, size: PixelSize, kind: PngKind): Promise<Uint8Array> {
  switch (kind) {
    case "grey":
      return encodeGreyPng(greys, size);
    case "colour":
      return encodeColourPng(greys, { ...size, hasAlpha: false });
    case "palette":
    case "falling palette":
      return encodePalettePng(greys, { ...size, isFalling: kind === "falling palette" });
  }
}
