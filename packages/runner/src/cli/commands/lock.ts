import { dirname, resolve } from "node:path";
import { digestAllSources } from "../../1-plan/plan-graph.ts";
import { createWorkerExecutor } from "../../2-execute/workers/worker-executor.ts";
import { formatBytes } from "../../4-report/bytes.ts";
import { formatCount } from "../../4-report/count.ts";
import type { CallOptions, CommandDefinition, Terminal } from "../command.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { writeFile } from "../files.ts";
import { loadProgram, type LoadedProgram } from "../load-program.ts";
import { compareLock, type LockComparison } from "../lock/compare-lock.ts";
import { describeChange, nameFile, sizeAndDigest } from "../lock/describe-files.ts";
import {
  compareLockedFiles,
  formatFileLock,
  lockPathOf,
  readFileLock,
  type FileLock,
  type LockedFile,
} from "../lock/file-lock.ts";
import { findFiles, type FoundFile } from "../lock/found-files.ts";
import { remoteFiles } from "../lock/remote-files.ts";
import { isRemembered } from "../weights/fetch-needed.ts";
import { absentWeights, programWeights } from "../weights/program-weights.ts";
import { openOrMakeStore, opsByName, wrongInput } from "../session.ts";
import { findStoreFolder } from "../store-folder.ts";

/** `exp lock FILE [--check]`: pins every file that a program reads by size and digest, in a lock beside it. */
export const lockCommand: CommandDefinition = {
  name: "lock",
  summary: "pin every file that a program reads by size and digest",
  arguments: [{ name: "file", summary: "the program" }],
  options: [
    { flags: "--check", summary: "write nothing; exit 1 where something differs" },
    { flags: "--rehash", summary: "read every input file anew, trusting no remembered digest" },
  ],
  run: async ({ arguments: [file = ""], options }, terminal) => {
    const program = loadProgram(file, options, terminal);
    const found = await readFiles(program, options, terminal);
    const call = { program, found, options, terminal };
    return options.own["check"] === true ? check(call) : write(call);
  },
};

interface LockCall {
  readonly program: LoadedProgram;
  readonly found: readonly FoundFile[];
  readonly options: CallOptions;
  readonly terminal: Terminal;
}

/** Every file of the program, with its digest; what has not been read before is read now, on a worker. */
async function readFiles(
  program: LoadedProgram,
  options: CallOptions,
  terminal: Terminal,
): Promise<readonly FoundFile[]> {
  const folder = findStoreFolder(options.store, resolve(terminal.workingFolder, dirname(program.file)));
  const store = openOrMakeStore(folder, terminal);
  const executor = createWorkerExecutor({ jobs: 1 });
  try {
    const sources = await digestAllSources(program.graph, {
      ops: opsByName(),
      store,
      hashFiles: executor.hashFiles,
      hashBudget: Number.POSITIVE_INFINITY,
      rehash: options.own["rehash"] === true,
      onProgress: options.quiet || options.json ? () => undefined : createProgressLine(terminal),
    });
    const absent = await absentWeights(programWeights(program.graph.tasks));
    // What the store remembers is what its answers were computed with, whatever the publisher has by now.
    const unknown = options.own["rehash"] === true ? absent : absent.filter((each) => !isRemembered(each, store));
    const found = [...findFiles(program, sources), ...(await remoteFiles(unknown, program))];
    return found.sort((a, b) => compareLockedFiles(a.file, b.file));
  } catch (error) {
    throw wrongInput(error);
  } finally {
    await executor.close();
    store.close();
  }
}

/** Says how far reading is, but not more often than every few seconds. */
function createProgressLine({ err }: Terminal): (bytes: number, totalBytes: number) => void {
  let said = Date.now();
  return (bytes, totalBytes) => {
    if (Date.now() - said < progressInterval) return;
    said = Date.now();
    err(`reading input files: ${formatBytes(bytes)} of ${formatBytes(totalBytes)}\n`);
  };
}

/** In milliseconds. */
const progressInterval = 5000;

function check({ program: { file }, found, options, terminal }: LockCall): ExitCode {
  const lock = readFileLock(file);
  const comparison = compareLock(found, lock ?? noFiles);
  const { changed, unknown, gone } = comparison;
  const isSame = [changed, unknown, gone].every((files) => files.length === 0);
  const path = lockPathOf(file);
  if (options.json) terminal.out(toJson(path, found, comparison));
  else if (lock === null && isSame) terminal.out(nothingToLock(file));
  else if (lock === null) terminal.out(`There is no ${path} yet: \`exp lock ${file}\` writes it.\n`);
  else terminal.out(isSame ? `${path}: ${summaryOf(found)}, as locked.\n` : describeDifferences(file, comparison));
  return isSame ? exitCodes.done : exitCodes.failed;
}

function describeDifferences(program: string, { changed, unknown, gone }: LockComparison): string {
  const lock = lockPathOf(program);
  return [
    ...changed.map((each) => describeChange(program, each)),
    ...unknown.map(
      ({ file, path }) => `${lock} does not know ${nameFile(file)}.\n  now     ${sizeAndDigest(file)}, at ${path}`,
    ),
    ...gone.map((file) => `${lock} holds ${nameFile(file)}, which the program does not read.`),
    `Run \`exp lock ${program}\` to accept what is there now.`,
  ]
    .map((text) => `${text}\n`)
    .join("");
}

function write({ program: { file }, found, options, terminal }: LockCall): ExitCode {
  const path = lockPathOf(file);
  const lock: FileLock = { version: 1, files: found.map((each) => each.file) };
  const old = readOldLock(file);
  const comparison = compareLock(found, old ?? noFiles);
  if (found.length > 0 || old !== null) writeFile(path, formatFileLock(lock), terminal.watch);
  if (options.json) terminal.out(toJson(path, found, comparison));
  else terminal.out(found.length > 0 || old !== null ? toText(path, found, comparison) : nothingToLock(file));
  return exitCodes.done;
}

/** One that cannot be read (a merge left its marks in it) is written over, as whoever asks for a new one wants. */
function readOldLock(file: string): FileLock | null {
  try {
    return readFileLock(file);
  } catch {
    return noFiles;
  }
}

const noFiles: FileLock = { version: 1, files: [] };

function nothingToLock(file: string): string {
  return `${file} reads no file: there is nothing to lock.\n`;
}

/** `+` is new, `~` has changed, `-` is gone. */
function toText(path: string, found: readonly FoundFile[], { changed, unknown, gone }: LockComparison): string {
  const changedFiles = new Set(changed.map(({ file }) => file));
  const newFiles = new Set(unknown.map(({ file }) => file));
  const lines = found.map(({ file }) => {
    const mark = newFiles.has(file) ? "+" : changedFiles.has(file) ? "~" : " ";
    return `  ${mark} ${nameFile(file)}\n      ${sizeAndDigest(file)}\n`;
  });
  const goneLines = gone.map((file) => `  - ${nameFile(file)}\n`);
  return `${path}: ${summaryOf(found)}.\n${[...lines, ...goneLines].join("")}`;
}

function summaryOf(found: readonly FoundFile[]): string {
  if (found.length === 0) return "no entries, since the program reads no file";
  const bytes = found.reduce((sum, { file }) => sum + file.bytes, 0);
  return `${found.length === 1 ? "1 entry" : `${formatCount(found.length)} entries`}, ${formatBytes(bytes)}`;
}

function toJson(lock: string, found: readonly FoundFile[], { changed, unknown, gone }: LockComparison): string {
  const place = ({ origin: { file, line } }: FoundFile): { file: string; line: number } => ({ file, line });
  const document = {
    version: 1,
    lock,
    files: found.map(({ file }) => file),
    changed: changed.map((each) => ({ now: each.file, locked: each.locked, origin: place(each) })),
    unknown: unknown.map((each) => ({ now: each.file, origin: place(each) })),
    gone: gone satisfies readonly LockedFile[],
  };
  return `${JSON.stringify(document)}\n`;
}
