import { parseCst } from "../1-parse/parse-cst.ts";
import { echoCodes } from "../diagnostics/catalog-syntax.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { limitDiagnostics } from "../diagnostics/limit-diagnostics.ts";
import { sortDiagnostics } from "../diagnostics/sort-diagnostics.ts";
import { createLineLookup } from "../text/line-column.ts";
import type { SourceText, Span } from "../text/source.ts";
import type { Ast } from "./ast.ts";
import { buildAst } from "./build-ast.ts";
import { spanOfToken } from "./build-context.ts";

export interface ParseResult {
  /** What could be understood: whole where no diagnostic is an error. */
  readonly ast: Ast;
  /** In the order of the text, 100 at most. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads a program. Never throws, whatever the text: every mistake is a diagnostic. */
export function parse(source: SourceText): ParseResult {
  const { ast, diagnostics } = readProgram(source);
  return { ast, diagnostics };
}

/** A read program with its comments, which have no meaning but must survive formatting. */
export interface ReadProgram extends ParseResult {
  readonly comments: readonly Span[];
}

export function readProgram(source: SourceText): ReadProgram {
  const { cst, comments, diagnostics } = parseCst(source);
  const reported: Diagnostic[] = [...diagnostics];
  const context = { source, report: (diagnostic: Diagnostic) => reported.push(diagnostic) };
  const ast = cst === null ? { path: source.path, edition: null, declarations: [] } : buildAst(cst, context);
  return {
    ast,
    diagnostics: limitDiagnostics(dropEchoes(sortDiagnostics(reported), source)),
    comments: comments.map((token) => spanOfToken(token, context)),
  };
}

/** A mistake makes the words after it look misplaced: on its own line only the first, most exact diagnostic counts. */
function dropEchoes(diagnostics: readonly Diagnostic[], source: SourceText): readonly Diagnostic[] {
  const lines = createLineLookup(source);
  const linesWithMistake = new Set<number>();
  return diagnostics.filter(({ code, severity, span }) => {
    const { line } = lines.positionAt(span.start);
    const isEcho = echoCodes.has(code) && linesWithMistake.has(line);
    if (severity === "error") linesWithMistake.add(line);
    return !isEcho;
  });
}
