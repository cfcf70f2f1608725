import { readFileSync } from "node:fs";
import { compile, renderDiagnostic, type CompileResult, type TaskGraph } from "@exp-lab/dsl";
import { builtinOps, presets } from "@exp-lab/ops";
import { hangText } from "../4-report/hanging-text.ts";
import { countOf } from "../4-report/count.ts";
import type { CallOptions, Terminal } from "./command.ts";
import { CommandError, exitCodes } from "./exit-codes.ts";
import { reasonOf } from "./files.ts";

/**
 * Reads, checks and expands a program. Everything that the file system and the environment have to do with it is here.
 * @throws CommandError (2) where the program, or one that it imports, is there but cannot be read
 */
export function compileProgram(file: string, options: CallOptions, terminal: Terminal): CompileResult {
  return compile({
    entry: file,
    readSource,
    signatures: builtinOps.map((op) => op.signature),
    presets,
    environment: terminal.environment,
    settings: options.set,
  });
}

/**
 * The graph of a program that is right; its warnings are shown.
 * @throws CommandError (2) after showing every diagnostic of a program that is wrong
 */
export function loadGraph(file: string, options: CallOptions, terminal: Terminal): TaskGraph {
  return loadProgram(file, options, terminal).graph;
}

/** A program that is right, and the texts that it was read from. */
export interface LoadedProgram extends Pick<CompileResult, "sources"> {
  /** As the user wrote its path. */
  readonly file: string;
  readonly graph: TaskGraph;
}

/** The same with the program's texts. @throws CommandError (2) */
export function loadProgram(file: string, options: CallOptions, terminal: Terminal): LoadedProgram {
  const result = compileProgram(file, options, terminal);
  showDiagnostics(result, terminal);
  if (result.graph === null) {
    throw new CommandError(exitCodes.wrong, `${file}: ${countOf(countErrors(result), "error")}. Nothing was run.`);
  }
  return { file, graph: result.graph, sources: result.sources };
}

export function countErrors({ diagnostics }: CompileResult): number {
  return diagnostics.filter(({ severity }) => severity === "error").length;
}

/** Everything that runs hangs on a table, so that a program without one would do nothing, and leave its user wondering. */
export function sayNoTables(file: string, { err, paintErr }: Terminal): void {
  err(`${paintErr.warning("!")} ${file} has no table, so that there is nothing to run.\n`);
  err("  Say what should come out, for example:\n");
  err('  table "Results" { from: my_sweep  rows: backbone  cells: test.auroc }\n');
}

/** What the user has to know though nothing is wrong, one sentence each. */
export function sayNotes(notes: readonly string[], { err, errWidth, paintErr }: Terminal): void {
  for (const text of notes) err(hangText({ head: `${paintErr.warning("!")} `, indent: 2, text, width: errWidth }));
}

export function showDiagnostics({ diagnostics, sources }: CompileResult, terminal: Terminal): void {
  for (const diagnostic of diagnostics) {
    terminal.err(`${renderDiagnostic(diagnostic, sources, terminal.paintErr)}\n\n`);
  }
}

/** Null where there is no such file. */
function readSource(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    throw new CommandError(exitCodes.wrong, `Cannot read ${path}: ${reasonOf(error)}.`);
  }
}
