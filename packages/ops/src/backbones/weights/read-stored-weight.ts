import { withWeightFile } from "./weight-file.ts";
import type { StoredWeight, WeightTable } from "./weight-table.ts";

/**
 * The bytes of one weight, little-endian and row-major, in memory of their own.
 * @throws OpError `file-missing`, `weights-damaged`, `weights-unreadable` (larger than memory, or the file changed)
 */
export async function readStoredWeight(table: WeightTable, { place }: StoredWeight): Promise<Uint8Array> {
  if (place.kind === "apart") return place.read();
  const path = table.paths[place.path];
  if (path === undefined) throw new Error(`The table of ${table.file} has no file ${place.path}.`);
  return withWeightFile(path, (file) => file.read(place.offset, place.bytes));
}
