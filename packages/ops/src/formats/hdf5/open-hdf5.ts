import { OpError } from "../../op-error.ts";
import type { DataSet } from "./data-set.ts";
import { damagedHdf5, unsupportedHdf5 } from "./hdf5-errors.ts";
import { withHdf5, type OpenHdf5 } from "./hdf5-library.ts";
import { isHdf5, matlabVersion } from "./is-hdf5.ts";
import { matrixOf } from "./read-matrix.ts";
import { numbersOf, type Hdf5Numbers } from "./read-numbers.ts";
import { textOf } from "./read-text.ts";

/**
 * An HDF5 file, which includes those of MATLAB's `save(..., '-v7.3')`. Nothing stays open between calls, so that there is
 * nothing to close; the bytes that were handed in are read again each time. All reads throw OpError `hdf5-missing` where
 * there is no such data set, `hdf5-unsupported` where it is not of the kind that is asked for, and `hdf5-damaged`.
 */
export interface Hdf5File {
  /** How messages call the file. */
  readonly name: string;
  /** The paths of all data sets, without a slash before them, e.g. `cjdata/image`. */
  readonly dataSets: readonly string[];
  /** As they lie in the file: all whole numbers and floats. Of MATLAB's arrays, the sides come in reverse. */
  readNumbers(path: string): Promise<Hdf5Numbers>;
  /** A matrix of MATLAB as MATLAB shows it: shape [rows, columns], row-major. Other data sets are refused. */
  readMatrix(path: string): Promise<Hdf5Numbers>;
  /** A row of MATLAB's characters, or one HDF5 string. */
  readText(path: string): Promise<string>;
}

/**
 * Opens HDF5 (The HDF Group's format, all versions) by the HDF Group's own library, compiled to WebAssembly.
 * @param bytes the whole file; they must not change as long as the result is used
 * @param name how messages call the file
 * @throws OpError `hdf5-unsupported` (not HDF5, or MATLAB's older format), `hdf5-damaged` (cut short or corrupt)
 */
export async function openHdf5(bytes: Uint8Array, name: string): Promise<Hdf5File> {
  if (!isHdf5(bytes)) throw noHdf5(bytes, name);
  const dataSets = await withHdf5(name, bytes, listDataSets);
  const read = async <T>(path: string, valuesOf: (dataSet: DataSet) => T): Promise<T> => {
    const known = path.replace(/^\//, "");
    if (!dataSets.includes(known)) throw missing(name, path);
    return withHdf5(name, bytes, (file) => valuesOf({ name, path: known, file, bytes }));
  };
  return {
    name,
    dataSets,
    readNumbers: (path) => read(path, numbersOf),
    readMatrix: (path) => read(path, matrixOf),
    readText: (path) => read(path, textOf),
  };
}

function listDataSets({ library, id }: OpenHdf5): readonly string[] {
  const names = library.get_names(id, "/", true);
  return names.filter((path) => library.get_type(id, path) === library.H5G_DATASET);
}

function missing(name: string, path: string): OpError {
  return new OpError(
    "hdf5-missing",
    `${name} has no data set ${path}.`,
    "Check the path: upper and lower case differ.",
  );
}

function noHdf5(bytes: Uint8Array, name: string): OpError {
  const version = matlabVersion(bytes);
  if (version === "7.3") return damagedHdf5(name, "it ends behind the header of MATLAB");
  if (version === null) return unsupportedHdf5(name, "it is no HDF5 file", "Check which file this is.");
  return unsupportedHdf5(
    name,
    "it is a MATLAB file of version 5 (MATLAB 5 to 7.2), not HDF5",
    "Load it in MATLAB and save it again by `save(FILE, '-v7.3')`.",
  );
}
