import { moreNotShown } from "./catalog-text.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { mostDiagnostics, sortDiagnostics } from "./sort-diagnostics.ts";

/** In the order of the text, 100 at most. Warnings give way to errors; a last error says how many more there are. */
export function limitDiagnostics(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const sorted = sortDiagnostics(diagnostics);
  if (sorted.length <= mostDiagnostics) return sorted;
  const errors = sorted.filter(({ severity }) => severity === "error");
  if (errors.length === 0) return sorted.slice(0, mostDiagnostics);
  const first = errors[mostDiagnostics - 1];
  if (first === undefined || errors.length === mostDiagnostics) return errors;
  const shown = errors.slice(0, mostDiagnostics - 1);
  return [...shown, moreNotShown(first.span, errors.length - shown.length)];
}
