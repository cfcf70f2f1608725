import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { writeFiles, type WriteWatch } from "../store/fail-points.ts";
import { makeFolder } from "../store/make-folder.ts";
import { replaceFile } from "../store/replace-file.ts";
import { CommandError, exitCodes } from "./exit-codes.ts";

/** The text of a file that the user named. @throws CommandError (2) */
export function readTextFile(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const isAbsent = (error as NodeJS.ErrnoException).code === "ENOENT";
    const message = isAbsent ? `There is no file ${path}.` : `Cannot read ${path}: ${reasonOf(error)}.`;
    throw new CommandError(exitCodes.wrong, message);
  }
}

/** Writes a file, whole or not at all, and the folders above it where they are missing. @throws CommandError (4) */
export function writeFile(path: string, content: string | Uint8Array, watch: WriteWatch): void {
  try {
    writeFiles("make folder", watch, () => {
      makeFolder(dirname(path));
    });
    replaceFile(path, content, watch);
  } catch (error) {
    throw new CommandError(exitCodes.environment, `Cannot write ${path}: ${reasonOf(error)}.`);
  }
}

/** What the system has against a path, in words. */
export function reasonOf(error: unknown): string {
  const { code = "unknown reason" } = error as NodeJS.ErrnoException;
  return reasons.get(code) ?? code;
}

const reasons: ReadonlyMap<string, string> = new Map([
  ["EACCES", "permission denied"],
  ["EEXIST", "a file stands where a folder is wanted"],
  ["EFBIG", "it would be larger than files may be here"],
  ["EISDIR", "it is a folder"],
  ["ENOSPC", "the disk is full"],
  ["ENOTDIR", "a file stands where a folder is wanted"],
  ["EPERM", "permission denied"],
  ["EROFS", "the disk is read-only"],
]);
