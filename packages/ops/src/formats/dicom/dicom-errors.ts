import { OpError } from "../../op-error.ts";

/** The file contradicts itself or the standard. @param problem never a text of the header: it may name a patient */
export function damagedDicom(name: string, problem: string): OpError {
  const hint = "Fetch the file again, or take it out of the data set.";
  return new OpError("image-damaged", `${name} cannot be read: ${problem}.`, hint);
}

/** The file may be sound, but holds what this reader does not know. */
export function unsupportedDicom(name: string, problem: string, hint = convert): OpError {
  return new OpError("image-unsupported", `${name} cannot be used: ${problem}.`, hint);
}

export function tooLargeDicom(name: string, problem: string): OpError {
  const hint = "Resize the image, or cut it into tiles, before it enters a data set.";
  return new OpError("image-too-large", `${name} is refused: ${problem}.`, hint);
}

const convert = "Convert it to Explicit VR Little Endian, e.g. with `dcmconv` or `gdcmconv --raw`.";
