import { widenHalves } from "../../arrays/half-floats.ts";
import type { RawValues } from "../../images/raw-image.ts";
import { checkDataSet, readValues, type CheckedDataSet, type DataSet } from "./data-set.ts";
import { refusedDataSet } from "./hdf5-errors.ts";
import { isEmptyInMatlab } from "./matlab-attributes.ts";
import { readStoredType, type StoredType } from "./stored-type.ts";

/** Numbers as they lie in the file. */
export interface Hdf5Numbers {
  /** Empty for a single number. */
  readonly shape: readonly number[];
  /** Row-major. Half precision is widened to float32; 64-bit whole numbers are float64, and exact. */
  readonly data: RawValues;
}

/**
 * All values of a data set of whole numbers or floats. NaN and infinities are kept.
 * @throws OpError `hdf5-unsupported` (no plain numbers, nothing in it, a 64-bit number that float64 would round, or what
 *   `checkDataSet` refuses)
 */
export function numbersOf(dataSet: DataSet): Hdf5Numbers {
  const checked = checkDataSet(dataSet);
  const type = typeOf(checked);
  if (isEmptyInMatlab(dataSet)) throw refusedDataSet(dataSet, "is empty in MATLAB", "Save it with values.");
  return { shape: checked.shape, data: toNumbers(checked, type, readValues(checked).buffer) };
}

type NumberType = Exclude<StoredType, { readonly kind: "other" }>;

function typeOf(dataSet: CheckedDataSet): NumberType {
  const { library, id } = dataSet.file;
  const reference = library.create_object_reference(id, dataSet.path);
  const address = reference.reduceRight((sum, byte) => 256 * sum + byte, 0);
  const type = readStoredType(dataSet.bytes, address);
  if (type === null || (type.kind !== "other" && type.size !== dataSet.metadata.size)) {
    throw refusedDataSet(dataSet, "does not say in a known way what its elements are", saveNumbers);
  }
  if (type.kind === "other") throw refusedDataSet(dataSet, `holds no plain numbers but ${type.name}`, saveNumbers);
  return type;
}

const saveNumbers = "Save it as whole numbers of 8, 16 or 32 bits, or as float32 or float64.";

function toNumbers(dataSet: CheckedDataSet, type: NumberType, values: ArrayBuffer): RawValues {
  if (type.kind === "float") {
    if (type.size === 2) return widenHalves(new Uint16Array(values));
    return type.size === 4 ? new Float32Array(values) : new Float64Array(values);
  }
  switch (type.size) {
    case 1:
      return type.isSigned ? new Int8Array(values) : new Uint8Array(values);
    case 2:
      return type.isSigned ? new Int16Array(values) : new Uint16Array(values);
    case 4:
      return type.isSigned ? new Int32Array(values) : new Uint32Array(values);
    case 8:
      return toSafeNumbers(dataSet, type.isSigned ? new BigInt64Array(values) : new BigUint64Array(values));
  }
}

function toSafeNumbers(dataSet: DataSet, values: BigInt64Array | BigUint64Array): Float64Array {
  const numbers = Float64Array.from(values, Number);
  if (numbers.every(Number.isSafeInteger)) return numbers;
  throw refusedDataSet(dataSet, "holds whole numbers beyond 2 ** 53, which would be rounded", saveNumbers);
}
