import type { Ast, EditionNode, ImportNode } from "../2-ast/ast.ts";
import { parse, type ParseResult } from "../2-ast/parse.ts";
import type { CompileOptions } from "../compile-options.ts";
import {
  importCycle,
  importOutside,
  interpolatedImport,
  missingEntry,
  missingImport,
  newerEdition,
} from "../diagnostics/catalog-check.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { folderOf, isInside, normalisePath, resolvePath } from "../text/program-path.ts";
import type { SourceText } from "../text/source.ts";

/** The entry and everything that it imports, each file once; an imported file comes before the file that imports it. */
export interface LoadedProgram {
  readonly entry: Ast;
  readonly files: readonly Ast[];
  readonly sources: readonly SourceText[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads and parses a program and its imports.
 *
 * An import's path is relative to the file that writes it. It may lie in the folder above the entry's folder, and
 * below that, but no further up: `tables/one.exp` may import `lib/shared.exp` and `../lib/shared.exp`, and
 * `../../lib/shared.exp` is refused. Paths are compared by their names; links are not followed.
 */
export function loadProgram(options: Pick<CompileOptions, "entry" | "readSource">): LoadedProgram {
  const root = normalisePath(`${folderOf(normalisePath(options.entry))}/..`);
  const files: Ast[] = [];
  const sources: SourceText[] = [];
  const diagnostics: Diagnostic[] = [];
  const seen = new Set<string>();

  const load = (source: SourceText, chain: readonly string[]): Ast => {
    seen.add(source.path);
    sources.push(source);
    const { ast, diagnostics: found } = readKnownEdition(source);
    diagnostics.push(...found);
    for (const declaration of ast.declarations) {
      if (declaration.kind === "import") loadImport(declaration, [...chain, source.path]);
    }
    files.push(ast);
    return ast;
  };

  const loadImport = (node: ImportNode, chain: readonly string[]): void => {
    const written = plainText(node);
    const span = node.file.span;
    if (written === null) return void diagnostics.push(interpolatedImport(span));
    const path = resolvePath(span.path, written);
    if (!isInside(root, path)) return void diagnostics.push(importOutside(span, path, root));
    const start = chain.map(normalisePath).indexOf(path);
    if (start >= 0) return void diagnostics.push(importCycle(span, [...chain.slice(start), path]));
    if (seen.has(path)) return;
    const text = options.readSource(path);
    if (text === null) return void diagnostics.push(missingImport(span, path));
    load({ path, text }, chain);
  };

  const text = options.readSource(options.entry);
  const nowhere = { path: options.entry, start: 0, end: 0 };
  if (text === null) diagnostics.push(missingEntry(nowhere));
  const entry = text === null ? emptyAst(options.entry, null) : load({ path: options.entry, text }, []);
  return { entry, files, sources, diagnostics };
}

/** Parses a file; of one in another edition, of which this version can judge nothing else, that alone is told. */
function readKnownEdition(source: SourceText): ParseResult {
  const parsed = parse(source);
  const { edition } = parsed.ast;
  if (edition === null || edition.number === 1) return parsed;
  return { ast: emptyAst(source.path, edition), diagnostics: [newerEdition(edition.span, edition.number)] };
}

function plainText(node: ImportNode): string | null {
  let text = "";
  for (const part of node.file.parts) {
    if (part.kind === "name") return null;
    text += part.text;
  }
  return text;
}

function emptyAst(path: string, edition: EditionNode | null): Ast {
  return { path, edition, declarations: [] };
}
