import { accessSync, chmodSync, constants, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { writeFiles, type WriteWatch } from "./fail-points.ts";

/**
 * Writes a file so that a kill leaves it as it was or whole, never in between: beside it under a name of this process's, and
 * then renamed. Where a link leads there, the link stays, and a file keeps its mode. What is no plain file (`/dev/stdout`), or
 * lies where no file may be put beside it, is written straight.
 */
export function replaceFile(path: string, content: string | Uint8Array, watch: WriteWatch): void {
  const old = statSync(path, { throwIfNoEntry: false });
  if (old?.isFile() === true) accessSync(path, constants.W_OK);
  const isPlain = old === undefined || old.isFile();
  const target = old !== undefined && isPlain ? realpathSync(path) : path;
  try {
    if (isPlain) {
      putInPlace(target, { content, mode: old?.mode ?? null, watch });
      return;
    }
  } catch (error) {
    if (old === undefined || !noFileBeside.has(codeOf(error))) throw error;
  }
  writeFiles("write file", watch, () => {
    writeFileSync(target, content);
  });
}

const noFileBeside: ReadonlySet<string> = new Set(["EACCES", "EPERM", "EROFS", "ENAMETOOLONG"]);

interface NewFile {
  readonly content: string | Uint8Array;
  /** That of the file which it replaces. */
  readonly mode: number | null;
  readonly watch: WriteWatch;
}

function putInPlace(target: string, { content, mode, watch }: NewFile): void {
  const temporary = join(dirname(target), `.${basename(target)}.${String(process.pid)}.part`);
  try {
    writeFiles("write file", watch, () => {
      writeFileSync(temporary, content);
      if (mode !== null) chmodSync(temporary, mode);
    });
    writeFiles("rename file", watch, () => {
      renameSync(temporary, target);
    });
  } catch (error) {
    if (codeOf(error) !== "ENAMETOOLONG") {
      writeFiles("remove file", watch, () => {
        rmSync(temporary, { force: true });
      });
    }
    throw error;
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? "";
}
