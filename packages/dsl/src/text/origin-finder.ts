import { createLineLookup, type LineLookup } from "./line-column.ts";
import type { Origin, SourceText, Span } from "./source.ts";

/** Says where a span starts, as people count lines and columns. */
export type FindOrigin = (span: Span) => Origin;

/**
 * Answers for spans of these sources; the lines of a source are found once, when it is first asked about. A place is one
 * object however often it is asked for: a large graph names a few places many times.
 */
export function createOriginFinder(sources: readonly SourceText[]): FindOrigin {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const known = new Map<string, { readonly lines: LineLookup; readonly origins: Map<number, Origin> }>();
  return ({ path, start }) => {
    let source = known.get(path);
    if (source === undefined) {
      source = { lines: createLineLookup(byPath.get(path) ?? { path, text: "" }), origins: new Map() };
      known.set(path, source);
    }
    let origin = source.origins.get(start);
    if (origin === undefined) {
      origin = { file: path, ...source.lines.positionAt(start) };
      source.origins.set(start, origin);
    }
    return origin;
  };
}
