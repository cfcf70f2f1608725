import { checkDataSet, readMemory, readValues, type CheckedDataSet, type DataSet } from "./data-set.ts";
import { refusedDataSet } from "./hdf5-errors.ts";
import { Hdf5Fault } from "./hdf5-library.ts";
import { isEmptyInMatlab, matlabClass, textClass } from "./matlab-attributes.ts";
import { numbersOf } from "./read-numbers.ts";

/**
 * One text: a MATLAB `char` array of one row, or a data set of one HDF5 string.
 * @throws OpError `hdf5-unsupported` where it is no text, no Unicode, several texts, or longer than a million characters, and
 *   as `checkDataSet` does
 */
export function textOf(dataSet: DataSet): string {
  if (matlabClass(dataSet) === "char") return isEmptyInMatlab(dataSet) ? "" : matlabText(dataSet);
  const checked = checkDataSet(dataSet);
  const { type, vlen } = checked.metadata;
  if (type !== textClass) throw refusedDataSet(dataSet, "holds no text", "Texts are `char` arrays or HDF5 strings.");
  if (checked.count !== 1) throw severalTexts(dataSet, checked.count);
  const bytes = vlen ? readLongText(checked) : untilZero(readValues(checked));
  requireLength(dataSet, bytes.length);
  return decode(dataSet, "utf-8", bytes);
}

const longestText = 1_000_000;

/** MATLAB's characters are UTF-16 code units; HDF5 sees a row as one column. */
function matlabText(dataSet: DataSet): string {
  const { shape, data } = numbersOf(dataSet);
  const rows = shape.length === 2 ? shape[1]! : NaN;
  if (rows !== 1) throw severalTexts(dataSet, rows);
  requireLength(dataSet, data.length);
  if (!(data instanceof Uint16Array)) {
    throw refusedDataSet(dataSet, "is a `char` array of other than 16-bit codes", "Save it from MATLAB again.");
  }
  return decode(dataSet, "utf-16le", new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

/** The element is the address of a text that the library has laid down. */
function readLongText(dataSet: CheckedDataSet): Uint8Array {
  const { file, path, metadata } = dataSet;
  const { library, id } = file;
  let text = new Uint8Array();
  readMemory(file, metadata.size, (address) => {
    const status = library.get_dataset_data(id, path, null, null, null, address);
    if (status < 0) return status;
    const memory = library.memory();
    const start = new DataView(memory.buffer).getUint32(Number(address), true);
    const end = start === 0 ? 0 : memory.indexOf(0, start);
    if (end < 0) throw new Hdf5Fault("A text does not end.");
    if (end - start <= longestText) text = memory.slice(start, end);
    const reclaimed = library.reclaim_vlen_memory(id, path, "", address);
    requireLength(dataSet, end - start);
    return reclaimed;
  });
  return text;
}

function untilZero(bytes: Uint8Array): Uint8Array {
  const end = bytes.indexOf(0);
  return end < 0 ? bytes : bytes.subarray(0, end);
}

function decode(dataSet: DataSet, encoding: "utf-8" | "utf-16le", bytes: Uint8Array): string {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw refusedDataSet(dataSet, "holds no Unicode text", "Save it as Unicode, HDF5 strings in UTF-8.");
  }
}

function requireLength(dataSet: DataSet, length: number): void {
  if (length <= longestText) return;
  throw refusedDataSet(dataSet, `holds a text of ${length} characters`, `At most ${longestText} are read.`);
}

function severalTexts(dataSet: DataSet, count: number): Error {
  return refusedDataSet(dataSet, `holds ${Number.isNaN(count) ? "several" : count} texts`, "One text is read.");
}
