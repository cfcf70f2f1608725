import type { Report } from "./check-context.ts";

/** A report that tells one mistake at one place once, however many trials make it. */
export function reportOnce(report: Report): Report {
  const told = new Set<string>();
  return (diagnostic) => {
    const { code, span } = diagnostic;
    const place = `${code} ${span.path}:${String(span.start)}:${String(span.end)}`;
    if (told.has(place)) return;
    told.add(place);
    report(diagnostic);
  };
}
