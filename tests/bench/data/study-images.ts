import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { drawPng8 } from "./drawn-files.ts";

/** Encoded at once. */
const atOnce = 4;

/** Drawn radiographs as a data set: so many in one class of the training split, and one in each other. @returns bytes of a file, on average */
export async function writeStudyImages(folder: string, count: number): Promise<number> {
  const places = Array.from({ length: count }, () => "train/scan").concat("train/other", "test/scan", "test/other");
  for (const place of new Set(places)) mkdirSync(join(folder, place), { recursive: true });
  let bytes = 0;
  for (let start = 0; start < places.length; start += atOnce) {
    const part = places.slice(start, start + atOnce);
    const files = await Promise.all(part.map((_, index) => drawPng8(start + index)));
    for (const [index, file] of files.entries()) {
      writeFileSync(join(folder, part[index]!, `${start + index}.png`), file);
      bytes += file.length;
    }
  }
  return bytes / places.length;
}
