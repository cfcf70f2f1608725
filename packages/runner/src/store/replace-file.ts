import {
  accessSync,
  chmodSync,
  constants,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { writeFiles, type WriteWatch } from "./fail-points.ts";

/**
 * Writes a file so that a kill leaves it as it was or whole, never in between: beside it under a name of this process's, and
 * then renamed. Where a link leads there, the link stays, and a file keeps its mode. What is no plain file (`/dev/stdout`), or
 * lies where no file may be put beside it, is written straight. What a process that is gone had put beside it goes.
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
  const folder = dirname(target);
  const prefix = `.${basename(target)}.`;
  const temporary = join(folder, `${prefix}${String(process.pid)}.part`);
  try {
    for (const left of leftBeside(folder, prefix)) removeFile(left, watch);
    writeFiles("write file", watch, () => {
      writeFileSync(temporary, content);
      if (mode !== null) chmodSync(temporary, mode);
    });
    writeFiles("rename file", watch, () => {
      renameSync(temporary, target);
    });
  } catch (error) {
    if (codeOf(error) !== "ENAMETOOLONG") removeFile(temporary, watch);
    throw error;
  }
}

function removeFile(path: string, watch: WriteWatch): void {
  writeFiles("remove file", watch, () => {
    rmSync(path, { force: true });
  });
}

/** What processes that are gone have left of such a file. */
function leftBeside(folder: string, prefix: string): readonly string[] {
  return readdirSync(folder).flatMap((name) => {
    const [, pid] = name.startsWith(prefix) ? (/^(\d+)\.part$/.exec(name.slice(prefix.length)) ?? []) : [];
    return pid !== undefined && isGone(Number(pid)) ? [join(folder, name)] : [];
  });
}

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return codeOf(error) === "ESRCH";
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? "";
}
