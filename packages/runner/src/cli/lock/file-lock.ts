import { existsSync } from "node:fs";
import { canonicalMembers, joinMembers, type Json } from "../../hash/canonical-json.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { readTextFile } from "../files.ts";

/** What the files that a program reads have to be: committed beside it, the same on every machine. */
export interface FileLock {
  /** Of the form of the lock itself. */
  readonly version: 1;
  /** In the order of their declarations, parameters and texts. */
  readonly files: readonly LockedFile[];
}

/**
 * One file, or the many that an op finds itself (the images of a folder), rolled into one. Told by the program's own words: no
 * path of a machine is in it, and no value of `--set` or of the environment.
 */
export interface LockedFile {
  /** What names the file, e.g. `dataset pneumonia`. */
  readonly declaration: string;
  /** The parameter that names the file or, of many, leads to them. */
  readonly parameter: string;
  /** The parameter's value as the program writes it, e.g. `${data}/pneumoniamnist.npz`. */
  readonly written: string;
  /** The commit of the repository that the file is of; absent for what does not lie on the hub. */
  readonly revision?: string;
  /** How many files they are; absent where the parameter names one. */
  readonly count?: number;
  readonly bytes: number;
  /** SHA-256 (hex) of the file's bytes; of many, of their sorted names and digests. */
  readonly sha256: string;
}

/** `experiments/pneumonia.exp` is locked by `experiments/pneumonia.lock`. */
export function lockPathOf(program: string): string {
  return `${program.replace(/\.exp$/, "")}.lock`;
}

/** The lock of a program; null where it has none. @throws CommandError (2) where it cannot be read or is none */
export function readFileLock(program: string): FileLock | null {
  const path = lockPathOf(program);
  if (!existsSync(path)) return null;
  const lock = parseLock(readTextFile(path));
  if (lock !== null) return lock;
  throw new CommandError(
    exitCodes.wrong,
    `${path} is no lock file of this version.`,
    `Mend it (after a merge, say), or write it anew: exp lock ${program}`,
  );
}

/** One file a line, members in the order of their names: equal locks are equal bytes, and a changed file is one changed line. */
export function formatFileLock({ files, version }: FileLock): string {
  const lines = files.map((file) => `    ${joinMembers(canonicalMembers({ ...file }))}`);
  const list = lines.length === 0 ? "[]" : `[\n${lines.join(",\n")}\n  ]`;
  return `{\n  "files": ${list},\n  "version": ${String(version)}\n}\n`;
}

/** The order of a lock: by code unit. */
export function compareLockedFiles(a: LockedFile, b: LockedFile): number {
  const [first, second] = [orderOf(a), orderOf(b)];
  return first < second ? -1 : first > second ? 1 : 0;
}

function orderOf({ declaration, parameter, written, count, sha256 }: LockedFile): string {
  return [declaration, parameter, written, count === undefined ? "one" : "many", sha256].join("\n");
}

function parseLock(text: string): FileLock | null {
  const value = parseJson(text);
  if (!isObject(value) || value["version"] !== 1 || !Array.isArray(value["files"])) return null;
  const files: readonly unknown[] = value["files"];
  return files.every(isLockedFile) ? { version: 1, files } : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return null;
  }
}

function isLockedFile(value: unknown): value is LockedFile {
  if (!isObject(value)) return false;
  const { declaration, parameter, written, revision = "", count, bytes, sha256 } = value;
  const hasTexts = [declaration, parameter, written, revision].every((text) => typeof text === "string");
  const hasNumbers = typeof bytes === "number" && ["number", "undefined"].includes(typeof count);
  return hasTexts && hasNumbers && typeof sha256 === "string" && /^[0-9a-f]{64}$/.test(sha256);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
