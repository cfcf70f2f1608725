import type { CompileResult } from "@exp-lab/dsl";
import { countOf } from "../../4-report/count.ts";
import type { CallOptions, CommandDefinition, Terminal } from "../command.ts";
import { diagnosticJson, unreadableJson, type DiagnosticJson } from "../diagnostic-json.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { compileProgram, countErrors, showDiagnostics } from "../load-program.ts";

/** `exp check FILE...`: parse, resolve, check the protocol; touches no GPU and no store. */
export const checkCommand: CommandDefinition = {
  name: "check",
  summary: "find every mistake in a program; runs nothing",
  arguments: [{ name: "file", summary: "programs to check", isMany: true }],
  options: [{ flags: "--fix", summary: "mend what can be mended", isKept: true }],
  run: ({ arguments: files, options }, terminal) => {
    const checked = files.map((file) => checkFile(file, options, terminal));
    if (options.json) {
      terminal.out(`${JSON.stringify({ version: 1, diagnostics: checked.flatMap(toJson) })}\n`);
    } else {
      for (const file of checked) report(file, options, terminal);
    }
    const isRight = checked.every(({ result }) => !(result instanceof CommandError) && result.graph !== null);
    return Promise.resolve(isRight ? exitCodes.done : exitCodes.wrong);
  },
};

interface CheckedFile {
  readonly file: string;
  /** An error where the file cannot be read: it must not keep the others from being checked. */
  readonly result: CompileResult | CommandError;
}

function checkFile(file: string, options: CallOptions, terminal: Terminal): CheckedFile {
  try {
    return { file, result: compileProgram(file, options, terminal) };
  } catch (error) {
    if (error instanceof CommandError) return { file, result: error };
    throw error;
  }
}

function report({ file, result }: CheckedFile, options: CallOptions, terminal: Terminal): void {
  const { out, err, paintOut, paintErr } = terminal;
  if (result instanceof CommandError) {
    err(`${paintErr.bad("error")}: ${result.message}\n`);
    return;
  }
  showDiagnostics(result, terminal);
  if (result.graph === null) {
    err(`${paintErr.bad("✗")} ${file}: ${countOf(countErrors(result), "error")}\n`);
  } else if (!options.quiet) {
    const { tasks, tables } = result.graph;
    out(`${paintOut.good("✓")} ${file}: ${countOf(tables.length, "table")}, ${countOf(tasks.length, "task")}\n`);
  }
}

function toJson({ file, result }: CheckedFile): readonly DiagnosticJson[] {
  return result instanceof CommandError
    ? [unreadableJson(file, result)]
    : result.diagnostics.map((found) => diagnosticJson(found, result.sources));
}
