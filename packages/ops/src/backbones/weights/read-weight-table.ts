import { resolve } from "node:path";
import { findWeightFormat, type WeightFormat } from "./find-weight-format.ts";
import { readLegacyCheckpoint } from "./pytorch/read-legacy-checkpoint.ts";
import { readZipCheckpoint } from "./pytorch/read-zip-checkpoint.ts";
import { readWeightIndex } from "./read-weight-index.ts";
import { readSafetensors } from "./safetensors/read-safetensors.ts";
import { withWeightFile, type WeightFile } from "./weight-file.ts";
import type { WeightTable } from "./weight-table.ts";
import { unsupportedWeights } from "./weights-errors.ts";

/**
 * What a file of weights holds: names, types, shapes and places. No values are read, whatever the file's size, and nothing in it
 * is ever run. Its format is told by its content: safetensors, PyTorch (a zip archive since 1.6, pickles before), or the
 * index of either in several files.
 * @throws OpError `file-missing`, `weights-unreadable` (the file system is in the way), `weights-damaged`, `weights-unsupported`,
 *   `weights-unsafe` (it would run code in Python), `weights-format-unknown`
 */
export async function readWeightTable(path: string): Promise<WeightTable> {
  return readAs(path, (file, format) =>
    format === "index" ? readWeightIndex(file, readOneFile) : readers[format](file),
  );
}

/** A shard. It cannot be an index again, which could go round in circles. */
function readOneFile(path: string): Promise<WeightTable> {
  return readAs(path, async (file, format) => {
    if (format === "index") throw unsupportedWeights(file.name, "as a part of other weights it is an index again");
    return readers[format](file);
  });
}

function readAs(
  path: string,
  read: (file: WeightFile, format: WeightFormat) => Promise<WeightTable>,
): Promise<WeightTable> {
  return withWeightFile(resolve(path), async (file) => read(file, await findWeightFormat(file)));
}

const readers: Readonly<Record<Exclude<WeightFormat, "index">, (file: WeightFile) => Promise<WeightTable>>> = {
  safetensors: readSafetensors,
  zip: readZipCheckpoint,
  pickle: readLegacyCheckpoint,
};
