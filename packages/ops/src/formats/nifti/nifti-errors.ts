import { OpError } from "../../op-error.ts";

/** The file contradicts itself or the standard. @param problem never a text of the header: it may name a patient */
export function damagedNifti(name: string, problem: string, hint = fetchAgain): OpError {
  return new OpError("image-damaged", `${name} cannot be read: ${problem}.`, hint);
}

/** The file may be sound, but holds what cannot be shown as an image. */
export function unsupportedNifti(name: string, problem: string, hint = convert): OpError {
  return new OpError("image-unsupported", `${name} cannot be used: ${problem}.`, hint);
}

export function tooLargeNifti(name: string, problem: string, hint: string): OpError {
  return new OpError("image-too-large", `${name} is refused: ${problem}.`, hint);
}

const fetchAgain = "Fetch or convert the volume again, or take it out of the data set.";
const convert = "Convert it to NIfTI (.nii or .nii.gz) with grey or RGB24 voxels, at most 4 dimensions.";
