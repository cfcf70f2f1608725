import type { Diagnostic } from "./diagnostic.ts";

/** The most diagnostics that are shown of one program; more help nobody. */
export const mostDiagnostics = 100;

/** In the order of the text: by file, place, then code; one of each that say the same of the same place. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const sorted = [...diagnostics].sort(
    (a, b) =>
      compare(a.span.path, b.span.path) ||
      a.span.start - b.span.start ||
      a.span.end - b.span.end ||
      compare(a.code, b.code) ||
      compare(a.message, b.message),
  );
  return sorted.filter((diagnostic, index) => !isSame(diagnostic, sorted[index - 1]));
}

function isSame(a: Diagnostic, b: Diagnostic | undefined): boolean {
  return a.span.path === b?.span.path && a.span.start === b.span.start && a.code === b.code && a.message === b.message;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
