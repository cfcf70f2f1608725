import type { RawValues } from "../../images/raw-image.ts";
import type { DataSet } from "./data-set.ts";
import { refusedDataSet } from "./hdf5-errors.ts";
import { matlabClass } from "./matlab-attributes.ts";
import { numbersOf, type Hdf5Numbers } from "./read-numbers.ts";

/**
 * A MATLAB matrix as MATLAB shows it: shape [rows, columns], row-major. MATLAB stores columns first, so that HDF5, which
 * lists the slowest side first, sees the same values as columns x rows.
 * @throws OpError `hdf5-unsupported` where it is no variable of MATLAB, or not of two dimensions, and as `numbersOf` does
 */
export function matrixOf(dataSet: DataSet): Hdf5Numbers {
  if (matlabClass(dataSet) === null) {
    throw refusedDataSet(
      dataSet,
      "is no variable of MATLAB: which of its sides are the rows is not known",
      "Save it from MATLAB by `save(..., '-v7.3')`.",
    );
  }
  const { shape, data } = numbersOf(dataSet);
  const [columns, rows] = shape;
  if (shape.length !== 2 || columns === undefined || rows === undefined) {
    throw refusedDataSet(dataSet, `has ${shape.length} dimensions`, "A matrix has two.");
  }
  return { shape: [rows, columns], data: transpose(data, rows, columns) };
}

/** From columns x rows to rows x columns. */
function transpose(data: RawValues, rows: number, columns: number): RawValues {
  const turned = data.slice();
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) turned[row * columns + column] = data[column * rows + row]!;
  }
  return turned;
}
