import { dirname, resolve } from "node:path";
import { addReach, createReach, type ProgramReach, type Reach } from "../../collect/reach.ts";
import { createWorkerExecutor } from "../../2-execute/workers/worker-executor.ts";
import { formatBytes } from "../../4-report/bytes.ts";
import type { Store } from "../../store/store.ts";
import type { CommandCall, Terminal } from "../command.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { loadGraph } from "../load-program.ts";
import { libraryVersions, opsByName, programName, wrongInput } from "../session.ts";
import { findStoreFolder } from "../store-folder.ts";
import type { ProgressLine } from "./progress-line.ts";

type Graph = ReturnType<typeof loadGraph>;

/** A program whose answers are kept. */
export interface NamedProgram {
  readonly file: string;
  readonly graph: Graph;
}

export interface KeptProgram extends ProgramReach {
  readonly file: string;
}

/**
 * Reads the programs. All of them, before anything else: one that is wrong must not cost an answer.
 * @throws CommandError (2) where one is wrong, or has no table that could keep anything
 */
export function loadKeptPrograms(
  { arguments: files, options }: CommandCall,
  terminal: Terminal,
): readonly NamedProgram[] {
  return files.map((file) => {
    const graph = loadGraph(file, options, terminal);
    if (graph.tables.length > 0) return { file, graph };
    throw new CommandError(
      exitCodes.wrong,
      `${file} has no table, so that it would keep nothing. Nothing was removed.`,
      "Leave it out, or write the table whose answers are to be kept.",
    );
  });
}

/** The one store of the programs, or of the working folder where none are named. @throws CommandError (2) */
export function findStoreOfPrograms({ arguments: files, options }: CommandCall, { workingFolder }: Terminal): string {
  const folders = files.map((file) => findStoreFolder(options.store, resolve(workingFolder, dirname(file))));
  const [first = findStoreFolder(options.store, workingFolder), ...others] = [...new Set(folders)];
  if (others.length === 0) return first;
  throw new CommandError(
    exitCodes.wrong,
    `The programs keep their answers in different stores:\n${[first, ...others].map((folder) => `  ${folder}`).join("\n")}`,
    "Name the programs of one store, or the store with --store DIR.",
  );
}

/** Plans every program with its files as they are now. @throws CommandError (2) where a file is missing */
export async function reachOfPrograms(
  programs: readonly NamedProgram[],
  store: Store,
  line: ProgressLine,
): Promise<{ readonly reach: Reach; readonly kept: readonly KeptProgram[] }> {
  const reach = createReach();
  const kept: KeptProgram[] = [];
  if (programs.length === 0) return { reach, kept };
  const executor = createWorkerExecutor({ jobs: 1 });
  try {
    for (const { file, graph } of programs) {
      line.show(`Reading ${file} ...`);
      const found = await addReach(reach, graph, {
        program: programName(file),
        ops: opsByName(),
        libraryVersions: libraryVersions(),
        store,
        hashFiles: executor.hashFiles,
        hashBudget: Number.POSITIVE_INFINITY,
        rehash: false,
        onProgress: (bytes, totalBytes) => {
          line.show(`Reading the files of ${file}: ${formatBytes(bytes)} of ${formatBytes(totalBytes)} ...`);
        },
      });
      kept.push({ file, ...found });
    }
    return { reach, kept };
  } catch (error) {
    throw wrongInput(error);
  } finally {
    await executor.close();
  }
}
