import { shownName } from "../../datasets/printable-name.ts";
import { openZipBytes } from "../../datasets/zip-archive.ts";
import type { RawImage } from "../../images/raw-image.ts";
import { OpError } from "../../op-error.ts";
import { readNpyImage } from "./read-npy-image.ts";

/**
 * The image in an `.npz` archive of one array, packed or not. Null where the bytes are a zip file without arrays, such as
 * those of office programs.
 * @param file how messages call the archive
 * @throws OpError `image-many-frames` where it holds several arrays, what `openZipBytes` and reading from it throw, and
 *   what `readNpyImage` throws
 */
export async function readNpzImage(bytes: Uint8Array, file: string): Promise<RawImage | null> {
  const archive = await openZipBytes(bytes, file);
  const arrays = archive.names.filter((name) => name.endsWith(suffix));
  const [entry] = arrays;
  if (entry === undefined) return null;
  if (arrays.length > 1) throw manyArrays(file, arrays.map(arrayName));
  return readNpyImage(await archive.read(entry), `${arrayName(entry)} of ${file}`);
}

const suffix = ".npy";

/** As it was given to `numpy.savez`. */
function arrayName(entry: string): string {
  return shownName(entry.slice(0, -suffix.length));
}

const namesShown = 8;

function manyArrays(file: string, names: readonly string[]): OpError {
  const rest = names.length - namesShown;
  const shown = names.slice(0, namesShown).join(", ") + (rest > 0 ? ` and ${String(rest)} more` : "");
  return new OpError(
    "image-many-frames",
    `${file} holds ${String(names.length)} arrays (${shown}), where one image is expected.`,
    "Save every image in a file of its own by `numpy.save`; archives of MedMNIST are for `medmnist`.",
  );
}
