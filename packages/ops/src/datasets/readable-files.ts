import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import type { SourceFile } from "../op-context.ts";
import { mapConcurrently } from "./map-concurrently.ts";

/** Files looked for at once. */
const filesAtOnce = 16;

/** Whether a file lies at each of the places, or a link to one, that may be read. */
export function areReadable(paths: readonly string[]): Promise<readonly boolean[]> {
  return mapConcurrently(paths, isReadable, { limit: filesAtOnce });
}

/** The same files, told which of them cannot be read. */
export async function markUnreadable(files: readonly SourceFile[]): Promise<readonly SourceFile[]> {
  const found = await areReadable(files.map(({ path }) => path));
  return files.map((file, index) => (found[index] ? file : { ...file, isUnreadable: true }));
}

async function isReadable(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  if (found?.isFile() !== true) return false;
  return access(path, constants.R_OK).then(
    () => true,
    () => false,
  );
}
