import { readFileSync, existsSync } from "node:fs";
import { basename, join } from "node:path";
import { compile, lineColumnAt, type CompileResult, type Diagnostic, type SourceText, type Span } from "@exp-lab/dsl";
import { signatures } from "./signatures.ts";
import { statisticsPresets, statisticsSignatures } from "./statistics-signatures.ts";

/**
 * Compiles `program.exp` of a case's folder; the paths of its files are relative to the folder. Cases whose name begins with
 * `statistics` know ops of statistics and a published protocol, which would stand in the graphs of all the others.
 */
export function compileCase(folder: string): CompileResult {
  const settingsFile = join(folder, "settings.json");
  const outside = existsSync(settingsFile) ? readOutside(readFileSync(settingsFile, "utf8")) : {};
  return compile({
    entry: existsSync(join(folder, "tables")) ? "tables/program.exp" : "program.exp",
    readSource: (path) => (existsSync(join(folder, path)) ? readFileSync(join(folder, path), "utf8") : null),
    ...(basename(folder).startsWith("statistics")
      ? { signatures: statisticsSignatures, presets: statisticsPresets }
      : { signatures }),
    environment: {},
    settings: {},
    ...outside,
  });
}

/** Compiles a program that is one text, without imports. */
export function compileText(text: string): CompileResult {
  const readSource = (path: string): string | null => (path === "program.exp" ? text : null);
  return compile({ entry: "program.exp", readSource, signatures, environment: {}, settings: {} });
}

/** Diagnostics as the goldens hold them: code and place, message, hint and related places, a block each. */
export function diagnosticsText({ diagnostics, sources }: CompileResult): string {
  return diagnostics.map((diagnostic) => diagnosticText(diagnostic, sources)).join("\n");
}

function diagnosticText(diagnostic: Diagnostic, sources: readonly SourceText[]): string {
  const { code, message, span, hint, related } = diagnostic;
  const source = sources.find(({ path }) => path === span.path);
  const marked = source === undefined ? "" : ` \`${source.text.slice(span.start, span.end).replaceAll(/\s+/g, " ")}\``;
  const lines = [`${code} ${placeText(span, sources)}${marked}`, `  ${message}`];
  if (hint !== undefined) lines.push(`  hint: ${hint}`);
  for (const place of related ?? []) lines.push(`  ${placeText(place.span, sources)}: ${place.message}`);
  return `${lines.join("\n")}\n`;
}

function placeText({ path, start }: Span, sources: readonly SourceText[]): string {
  const { line, column } = lineColumnAt(sources.find((source) => source.path === path) ?? { path, text: "" }, start);
  return `${path}:${String(line)}:${String(column)}`;
}

interface Outside {
  readonly environment?: Readonly<Record<string, string>>;
  readonly settings?: Readonly<Record<string, string>>;
}

function readOutside(text: string): Outside {
  return JSON.parse(text) as Outside;
}
