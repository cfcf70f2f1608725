import { formatProgram, renderDiagnostic, type Diagnostic, type SourceText } from "@exp-lab/dsl";
import type { WriteWatch } from "../../store/fail-points.ts";
import type { CommandDefinition, Terminal } from "../command.ts";
import { diagnosticJson, unreadableJson } from "../diagnostic-json.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { readTextFile, writeFile } from "../files.ts";

/** `exp fmt FILE... [--check]`: canonical layout, comments kept. */
export const fmtCommand: CommandDefinition = {
  name: "fmt",
  summary: "rewrite programs in the canonical layout; comments stay",
  arguments: [{ name: "file", summary: "programs to format", isMany: true }],
  options: [{ flags: "--check", summary: "write nothing; exit 1 where something would change" }],
  run: ({ arguments: files, options }, terminal) => {
    const isCheck = options.own["check"] === true;
    const formatted = files.map((file) => formatFile(file, isCheck, terminal.watch));
    if (options.json) terminal.out(`${JSON.stringify({ version: 1, files: formatted.map(toJson) })}\n`);
    else for (const file of formatted) report(file, isCheck, terminal);
    if (formatted.some(({ outcome }) => outcome === "wrong" || outcome === "unreadable")) {
      return Promise.resolve(exitCodes.wrong);
    }
    const hasDifference = isCheck && formatted.some(({ outcome }) => outcome === "changed");
    return Promise.resolve(hasDifference ? exitCodes.failed : exitCodes.done);
  },
};

/** One file's end: a file that is wrong or unreadable is left as it is, and the others are formatted all the same. */
type FormattedFile = { readonly file: string } & (
  | { readonly outcome: "same" | "changed" }
  | { readonly outcome: "wrong"; readonly source: SourceText; readonly diagnostics: readonly Diagnostic[] }
  | { readonly outcome: "unreadable"; readonly error: CommandError }
);

function formatFile(file: string, isCheck: boolean, watch: WriteWatch): FormattedFile {
  let source: SourceText;
  try {
    source = { path: file, text: readTextFile(file) };
  } catch (error) {
    if (error instanceof CommandError) return { file, outcome: "unreadable", error };
    throw error;
  }
  const { text, diagnostics } = formatProgram(source);
  if (text === null) return { file, outcome: "wrong", source, diagnostics };
  if (text === source.text) return { file, outcome: "same" };
  if (!isCheck) writeFile(file, text, watch);
  return { file, outcome: "changed" };
}

function report(formatted: FormattedFile, isCheck: boolean, { err, paintErr }: Terminal): void {
  const { file } = formatted;
  switch (formatted.outcome) {
    case "same":
      return;
    case "changed":
      if (isCheck) err(`${file} would change.\n`);
      return;
    case "wrong":
      for (const found of formatted.diagnostics) err(`${renderDiagnostic(found, [formatted.source], paintErr)}\n\n`);
      err(`${file} was left as it is: a program is formatted once it can be read.\n`);
      return;
    case "unreadable":
      err(`${paintErr.bad("error")}: ${formatted.error.message}\n`);
  }
}

function toJson(formatted: FormattedFile): unknown {
  const { file, outcome } = formatted;
  switch (outcome) {
    case "same":
    case "changed":
      return { file, changed: outcome === "changed" };
    case "wrong":
      return {
        file,
        changed: false,
        diagnostics: formatted.diagnostics.map((found) => diagnosticJson(found, [formatted.source])),
      };
    case "unreadable":
      return { file, changed: false, diagnostics: [unreadableJson(file, formatted.error)] };
  }
}
