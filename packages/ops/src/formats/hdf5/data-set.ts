import type { DataSetPlace } from "./hdf5-errors.ts";
import { refusedDataSet } from "./hdf5-errors.ts";
import { Hdf5Fault, type Hdf5Metadata, type OpenHdf5 } from "./hdf5-library.ts";

/** One data set of a file that is open. */
export interface DataSet extends DataSetPlace {
  readonly file: OpenHdf5;
  /** The whole file. */
  readonly bytes: Uint8Array;
}

/** A data set that holds values (they may be none), as many as its shape says. */
export interface CheckedDataSet extends DataSet {
  readonly metadata: Hdf5Metadata;
  readonly shape: readonly number[];
  readonly count: number;
}

/** Data sets of more bytes than this are refused before any of them is read. */
export const maxDataSetBytes = 512 * 1024 * 1024;

/** How much more a file can hold than its own length: zlib's deflate makes 1032 bytes of one at most. */
const largestGrowth = 1100;

/**
 * What can be known before a value is read.
 * @throws OpError `hdf5-unsupported` (empty, filtered in another way, put together from other files, larger than
 *   `maxDataSetBytes` or than the file can hold)
 */
export function checkDataSet(dataSet: DataSet): CheckedDataSet {
  const { library, id } = dataSet.file;
  const metadata = library.get_dataset_metadata(id, dataSet.path);
  const { shape, size, chunks } = metadata;
  if (shape === null) throw refusedDataSet(dataSet, "holds nothing", "Save it with values.");
  if (metadata.virtual_sources !== undefined) {
    throw refusedDataSet(dataSet, "lies in other files (a virtual data set)", "Save its values in one file.");
  }
  const filters = library.get_dataset_filters(id, dataSet.path);
  refuseFilters(dataSet, filters);
  const count = productOf(shape);
  const chunkBytes = chunks === null ? 0 : productOf(chunks) * size;
  const held = dataSet.bytes.length * (filters.length > 0 ? largestGrowth : 1);
  // Not by > , which a product of nothing and infinity would pass.
  if (!(count * size <= Math.min(held, maxDataSetBytes) && chunkBytes <= maxDataSetBytes)) {
    throw refusedDataSet(
      dataSet,
      `claims to be of shape (${shape.join(", ")}), which is more than the file holds or than is read`,
      `At most ${maxDataSetBytes} bytes are read of a data set: split it into smaller ones.`,
    );
  }
  return { ...dataSet, metadata, shape, count };
}

/** The values as they are in memory, little-endian. The result is a copy of its own. */
export function readValues({ file, path, metadata, count }: CheckedDataSet): Uint8Array<ArrayBuffer> {
  const { library, id } = file;
  return readMemory(file, count * metadata.size, (address) =>
    library.get_dataset_data(id, path, null, null, null, address),
  );
}

/** @param fill lets the library write from an address on; negative where it failed */
export function readMemory(
  { library }: OpenHdf5,
  length: number,
  fill: (address: bigint) => number,
): Uint8Array<ArrayBuffer> {
  if (length === 0) return new Uint8Array();
  const address = library._malloc(length);
  if (address === 0) throw new Hdf5Fault("The HDF5 library has no memory left.");
  try {
    if (fill(BigInt(address)) < 0) throw new Hdf5Fault("The HDF5 library cannot read the values.");
    return library.memory().slice(address, address + length);
  } finally {
    library._free(address);
  }
}

function refuseFilters(dataSet: DataSet, filters: readonly { readonly id: number }[]): void {
  const unknown = filters.find((filter) => !knownFilters.has(filter.id));
  if (unknown === undefined) return;
  const filterName = filterNames[unknown.id] ?? "no filter of HDF5's own";
  throw refusedDataSet(
    dataSet,
    `is packed by the filter ${unknown.id} (${filterName})`,
    "Save it without compression, or by gzip (deflate), with or without shuffle.",
  );
}

/** Deflate (gzip), shuffle, Fletcher's checksum. */
const knownFilters: ReadonlySet<number> = new Set([1, 2, 3]);

/** Source: The HDF Group's list of registered filters. */
const filterNames: Readonly<Record<number, string>> = {
  4: "szip",
  5: "n-bit",
  6: "scale-offset",
  305: "LZO",
  307: "bzip2",
  32000: "LZF",
  32001: "Blosc",
  32004: "LZ4",
  32008: "bitshuffle",
  32013: "ZFP",
  32015: "Zstandard",
  32026: "Blosc2",
};

function productOf(sides: readonly number[]): number {
  return sides.reduce((product, side) => product * side, 1);
}
