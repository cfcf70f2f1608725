import { OpError } from "../../op-error.ts";

/** @param problem completes "FILE cannot be read: ..." */
export function damagedHdf5(name: string, problem: string): OpError {
  return new OpError("hdf5-damaged", `${name} cannot be read: ${problem}.`, "Fetch or save the file again.");
}

/** @param problem completes "FILE cannot be read: ..." */
export function unsupportedHdf5(name: string, problem: string, hint: string): OpError {
  return new OpError("hdf5-unsupported", `${name} cannot be read: ${problem}.`, hint);
}

/** @param problem completes "The data set PATH of FILE ..." */
export function refusedDataSet(place: DataSetPlace, problem: string, hint: string): OpError {
  return new OpError("hdf5-unsupported", `The data set ${place.path} of ${place.name} ${problem}.`, hint);
}

/** Which data set of which file a message speaks of. */
export interface DataSetPlace {
  readonly name: string;
  readonly path: string;
}
