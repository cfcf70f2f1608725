import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { RepositoryState } from "../run-environment.ts";

export interface RepositoryOptions {
  /** Where to look: the program's folder. */
  readonly folder: string;
  /** The program and what it imports. */
  readonly files: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * The git repository that a folder lies in. Null where there is none, where it has no commit yet, and where git is missing,
 * refuses or takes too long: a run never fails for it.
 */
export async function readRepository({
  folder,
  files,
  environment,
}: RepositoryOptions): Promise<RepositoryState | null> {
  const ask = (...argv: readonly string[]): Promise<string | null> => askGit(argv, folder, environment);
  const [state, ofProgram] = await Promise.all([
    ask("status", "--porcelain=v2", "--branch", "--untracked-files=no", "--ignore-submodules=dirty"),
    // A program that git does not know cannot be found again by the commit.
    ask("status", "--porcelain", "--untracked-files=all", "--ignored", "--", ...files),
  ]);
  const lines = state?.split("\n").filter((line) => line !== "") ?? [];
  const [, commit] = lines.map((line) => /^# branch\.oid ([0-9a-f]{40,64})$/.exec(line)).find(Boolean) ?? [];
  if (commit === undefined) return null;
  const isChanged = lines.some((line) => !line.startsWith("#"));
  if (isChanged) return { commit, dirty: true };
  return { commit, dirty: ofProgram === null ? null : ofProgram !== "" };
}

/** A run does not wait longer than this for what it can do without. */
const longestWaitMs = 2000;

async function askGit(
  argv: readonly string[],
  folder: string,
  environment: RepositoryOptions["environment"],
): Promise<string | null> {
  // Inside a hook, git's own variables name another repository than the one that the program lies in.
  const own = Object.entries(environment).filter(([name]) => !name.startsWith("GIT_"));
  try {
    const { stdout } = await promisify(execFile)("git", ["-c", "core.fsmonitor=false", ...argv], {
      cwd: folder,
      env: { ...Object.fromEntries(own), GIT_OPTIONAL_LOCKS: "0" },
      timeout: longestWaitMs,
      maxBuffer: 64 << 20,
      windowsHide: true,
    });
    return stdout;
  } catch {
    return null;
  }
}
