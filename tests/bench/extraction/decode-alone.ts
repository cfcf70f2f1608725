import { readFileSync } from "node:fs";
import { decodeImage } from "@exp-lab/ops";

const concurrentDecodes = 4;

/** Seconds per image on all cores, with as many decoded at once as a run does. */
export async function decodeAlone(files: readonly string[]): Promise<number> {
  const started = performance.now();
  for (let start = 0; start < files.length; start += concurrentDecodes) {
    const part = files.slice(start, start + concurrentDecodes);
    await Promise.all(part.map((file) => decodeImage(readFileSync(file), file)));
  }
  return (performance.now() - started) / 1000 / files.length;
}
