import { lineColumnAt, type Diagnostic, type Position, type SourceText } from "@exp-lab/dsl";
import type { CommandError } from "./exit-codes.ts";

/** A diagnostic as `--json` prints it; lines and columns from 1. */
export interface DiagnosticJson {
  readonly code: string;
  readonly severity: Diagnostic["severity"];
  readonly message: string;
  readonly file: string;
  readonly start: Position;
  readonly end: Position;
  readonly hint: string | null;
}

export function diagnosticJson(diagnostic: Diagnostic, sources: readonly SourceText[]): DiagnosticJson {
  const { path, start, end } = diagnostic.span;
  const source = sources.find((candidate) => candidate.path === path) ?? { path, text: "" };
  return {
    code: diagnostic.code,
    severity: diagnostic.severity,
    message: diagnostic.message,
    file: path,
    start: lineColumnAt(source, start),
    end: lineColumnAt(source, end),
    hint: diagnostic.hint ?? null,
  };
}

/** What is wrong with a file that cannot be read at all, in the form of a diagnostic on its first character. */
export function unreadableJson(file: string, { message, hint }: CommandError): DiagnosticJson {
  const start = { line: 1, column: 1 };
  return { code: unreadable, severity: "error", message, file, start, end: start, hint };
}

/** The language's code for a program that is not there. */
const unreadable = "E102";
