import { basename } from "node:path";
import type { Task } from "@exp-lab/dsl";
import { findWeights, OpError } from "@exp-lab/ops";
import { isStoredWeights } from "./param-values.ts";
import type { TaskFile } from "./source-digests.ts";

export interface WeightFiles {
  /** The main file under its parameter first, then the shards that it names. */
  readonly files: readonly TaskFile[];
  /** How many parameters name weights that are to be downloaded first. */
  readonly absent: number;
}

/** Whether any of a task's parameters names weights that lie in files: few of a plan's many tasks do. */
export function namesWeights({ params }: Pick<Task, "params">): boolean {
  return Object.values(params).some(isStoredWeights);
}

/**
 * The files of the weights that a task names, as they lie on this machine; no network is used.
 * @throws OpError for a program's mistake in naming them, with its line
 */
export async function weightFiles(task: Task, digestOf: (path: string) => Promise<string>): Promise<WeightFiles> {
  const files: TaskFile[] = [];
  let absent = 0;
  for (const [param, value] of Object.entries(task.params)) {
    if (!isStoredWeights(value)) continue;
    // That a program's own file is missing is told better where it is asked for its stat.
    const found = await findWeights(value, { digestOf }).catch((error: unknown) => {
      throw withPlace(error, task, param);
    });
    if (found.status === "absent") {
      if (value.weights === "file") files.push({ param, name: basename(value.path), path: value.path });
      else absent += 1;
      continue;
    }
    const promised = value.weights === "url" ? { expected: value.sha256 } : {};
    found.files.forEach(({ name, path, sha256 }, index) => {
      const expected = sha256 === null ? promised : { expected: sha256 };
      files.push({ param: index === 0 ? param : null, name, path, ...expected });
    });
  }
  return { files, absent };
}

function withPlace(error: unknown, task: Task, param: string): unknown {
  if (!(error instanceof OpError)) return error;
  const { file, line } = task.paramOrigins[param] ?? task.origin;
  return new OpError(error.code, `${error.message} (named at ${file}:${String(line)})`, error.hint);
}
