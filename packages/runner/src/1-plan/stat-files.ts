import { stat } from "node:fs/promises";
import type { Task } from "@exp-lab/dsl";
import { OpError } from "@exp-lab/ops";
import type { FileStat } from "../store/store.ts";
import type { TaskFile } from "./file-digests.ts";
import { toFileStat } from "./watched-file.ts";

const concurrentStats = 64;

/** What the system says of a task's files, in order. @throws OpError where one is missing or unreadable, with the line that names it */
export async function statAll(files: readonly TaskFile[], task: Task): Promise<readonly FileStat[]> {
  const stats: FileStat[] = [];
  for (let start = 0; start < files.length; start += concurrentStats) {
    const part = files.slice(start, start + concurrentStats);
    stats.push(...(await Promise.all(part.map((file) => statFile(file, task)))));
  }
  return stats;
}

async function statFile(file: TaskFile, task: Task): Promise<FileStat> {
  const place = file.param === null ? task.origin : (task.paramOrigins[file.param] ?? task.origin);
  const where = `${place.file}:${String(place.line)}`;
  try {
    const found = await stat(file.path, { bigint: true });
    if (!found.isFile()) {
      throw new OpError(
        "file-expected",
        `${file.path} is a folder, but ${where} needs a file.`,
        "Name the file itself.",
      );
    }
    return toFileStat(found);
  } catch (error) {
    if (error instanceof OpError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? "";
    throw code === "ENOENT" || code === "ENOTDIR"
      ? new OpError(
          "file-missing",
          `There is no file ${file.path} (named at ${where}).`,
          "A path that a program writes is relative to that program, one from --set or the environment to the working folder.",
        )
      : new OpError("file-unreadable", `Cannot read ${file.path} (named at ${where}): ${code}.`, null);
  }
}
