import { OpError } from "../../op-error.ts";

/** What the system says against writing into a cache, as an error for people; null for what is none of these. */
export function writeFailure(error: unknown, path: string): OpError | null {
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
  switch (code) {
    case "ENOSPC":
    case "EDQUOT":
    case "EFBIG":
      return new OpError(
        "weights-disk-full",
        `The disk is full (${code}) at ${path}; what was begun was removed.`,
        otherFolder,
      );
    case "EACCES":
    case "EPERM":
    case "EROFS":
    case "ENOTDIR":
    case "EEXIST":
    case "EISDIR":
    case "ENAMETOOLONG":
      return new OpError("weights-cache-unwritable", `The cache cannot be written (${code}): ${path}.`, otherFolder);
    default:
      return null;
  }
}

/** @param wanted bytes that are to be written, `free` bytes that the disk has */
export function tooLittleSpace(folder: string, wanted: number, free: number): OpError {
  return new OpError(
    "weights-disk-full",
    `The disk of ${folder} has ${megabytes(free)} free, and the weights need ${megabytes(wanted)} more.`,
    otherFolder,
  );
}

export const otherFolder =
  "Make room, or set HF_HUB_CACHE (for files of the hub) or EXP_CACHE (for those of other addresses) to another folder.";

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6)} MB`;
}
