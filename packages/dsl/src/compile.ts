import type { CompileOptions, CompileResult } from "./compile-options.ts";
import { absenceCodes } from "./diagnostics/absence-codes.ts";
import type { Diagnostic } from "./diagnostics/diagnostic.ts";
import { limitDiagnostics } from "./diagnostics/limit-diagnostics.ts";
import { checkProgram } from "./3-check/check-program.ts";
import { loadProgram } from "./3-check/load-program.ts";
import { expandProgram } from "./4-expand/expand-program.ts";
import { indexSignatures } from "./signature/signature-index.ts";
import { createOriginFinder } from "./text/origin-finder.ts";

/** From text to tasks: read and parse, check, expand. Never throws for a mistake in the program; each is a diagnostic. */
export function compile(options: CompileOptions): CompileResult {
  const signatures = indexSignatures(options.signatures);
  const loaded = loadProgram(options);
  const checked = checkProgram(loaded, { ...options, signatures });
  const found = [...loaded.diagnostics, ...withoutEchoes(checked.diagnostics, loaded.diagnostics)];
  const findOrigin = createOriginFinder(loaded.sources);
  const expanded = hasError(found) ? null : expandProgram(checked.program, { signatures, findOrigin });
  const diagnostics = limitDiagnostics([...found, ...(expanded?.diagnostics ?? [])]);
  return { graph: hasError(diagnostics) ? null : (expanded?.graph ?? null), diagnostics, sources: loaded.sources };
}

/** Where something could not be read, that a name or a value is missing may only mean that it stands there. */
function withoutEchoes(checked: readonly Diagnostic[], loaded: readonly Diagnostic[]): readonly Diagnostic[] {
  return hasError(loaded) ? checked.filter(({ code }) => !absenceCodes.has(code)) : checked;
}

function hasError(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(({ severity }) => severity === "error");
}
