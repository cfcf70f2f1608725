import { join } from "node:path";

/** Names files by labels. Labels that differ in punctuation alone would share a name; the later ones are numbered. */
export function createFreePaths(folder: string, extension: string): (label: string) => string {
  const taken = new Set<string>();
  return (label) => {
    for (let copy = 1; ; copy += 1) {
      const stem = join(folder, fileName(label));
      const path = copy === 1 ? `${stem}.${extension}` : `${stem}-${String(copy)}.${extension}`;
      if (taken.has(path)) continue;
      taken.add(path);
      return path;
    }
  };
}

/** A label as a file name: `extract · deit · pneumonia · test` -> `extract-deit-pneumonia-test`. */
function fileName(label: string): string {
  return label.replace(/[^A-Za-z0-9._=-]+/g, "-").replace(/^-+|-+$/g, "");
}
