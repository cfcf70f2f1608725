import { decodeNpy } from "../arrays/decode-npy.ts";
import { openZip } from "../datasets/zip-archive.ts";
import type { OwnFile } from "./own-file.ts";

/**
 * A NumPy archive, read array by array.
 * @throws OpError of zip archives (not one, cut short, encrypted, too large); on loading those of `.npy` arrays
 */
export async function openNpz(path: string, file: string): Promise<OwnFile> {
  const archive = await openZip(path, file);
  return {
    file,
    names: archive.names.filter((name) => name.endsWith(suffix)).map((name) => name.slice(0, -suffix.length)),
    load: async (name) => decodeNpy(`${name} of ${file}`, await archive.read(`${name}${suffix}`)),
    close: () => archive.close(),
  };
}

const suffix = ".npy";
