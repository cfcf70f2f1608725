import { readMemory, type DataSet } from "./data-set.ts";

/** The class that MATLAB notes at each of its variables, e.g. `int16` or `char`; null for data sets that are not MATLAB's. */
export function matlabClass({ file, path }: DataSet): string | null {
  const { library, id } = file;
  const attribute = "MATLAB_class";
  if (!library.get_attribute_names(id, path).includes(attribute)) return null;
  const { type, size, shape, vlen } = library.get_attribute_metadata(id, path, attribute);
  // MATLAB writes one text of a fixed length.
  if (type !== textClass || vlen || shape?.length !== 0 || size > longestClass) return null;
  const bytes = readMemory(file, size, (address) => library.get_attribute_data(id, path, attribute, address));
  const end = bytes.indexOf(0);
  return new TextDecoder("latin1").decode(end < 0 ? bytes : bytes.subarray(0, end));
}

/** Of an empty array, MATLAB stores the sides in place of the values. */
export function isEmptyInMatlab({ file, path }: DataSet): boolean {
  return file.library.get_attribute_names(file.id, path).includes("MATLAB_empty");
}

/** HDF5's number of the class of texts. */
export const textClass = 3;
const longestClass = 64;
