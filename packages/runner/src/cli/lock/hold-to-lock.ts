import { basename } from "node:path";
import type { GraphSources } from "../../1-plan/plan-graph.ts";
import { countOf } from "../../4-report/count.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import type { LoadedProgram } from "../load-program.ts";
import { compareLock } from "./compare-lock.ts";
import { describeChange, nameFile } from "./describe-files.ts";
import { lockPathOf, readFileLock } from "./file-lock.ts";
import { countUnhashed, findFiles } from "./found-files.ts";

/** Holds the files of a program to its lock, once their digests are known. */
export interface LockGuard {
  /** @throws CommandError (2) where a file is not what is locked: one message for each of them */
  readonly inspect: (sources: GraphSources) => void;
  /** What the user has to know of files that were not refused, one sentence each; complete after `inspect`. */
  readonly notes: () => readonly string[];
}

/** @throws CommandError (2) where there is a lock but it cannot be read; without one, nothing is held to anything */
export function holdToLock(program: LoadedProgram): LockGuard {
  const { file } = program;
  const lock = readFileLock(file);
  let notes: readonly string[] = [];
  return {
    notes: () => notes,
    inspect: (sources) => {
      if (lock === null) return;
      const found = findFiles(program, sources);
      const { changed, unknown } = compareLock(found, lock);
      if (changed.length > 0) {
        throw new CommandError(
          exitCodes.wrong,
          changed.map((each) => describeChange(file, each)).join("\n"),
          `Run \`exp lock ${file}\` to accept what is there now, or put back what was locked.`,
        );
      }
      const name = basename(lockPathOf(file));
      notes = [
        ...unknown.map((each) => `${name} does not know ${nameFile(each.file)}: \`exp lock ${file}\` adds it.`),
        ...describeUnread(countUnhashed(sources), name),
      ];
    },
  };
}

function describeUnread(count: number, name: string): readonly string[] {
  if (count === 0) return [];
  const [verb, them] = count === 1 ? ["has", "It is"] : ["have", "They are"];
  return [
    `${countOf(count, "input file")} ${verb} not been read yet. ${them} held to ${name} once a run has read them.`,
  ];
}
