import { errorCode } from "../datasets/file-images.ts";
import { OpError } from "../op-error.ts";

/** @param problem completes "FILE cannot be read: ..." */
export function damagedOwnFile(file: string, problem: string): OpError {
  return new OpError("own-file-damaged", `${file} cannot be read: ${problem}.`, "Save the file again.");
}

export function unreadableOwnFile(path: string, file: string, error: unknown): OpError {
  return new OpError("file-unreadable", `The file ${file} cannot be read (${errorCode(error)}).`, `Check ${path}.`);
}
