import { createLineLookup, type LineLookup } from "./line-column.ts";
import type { Origin, SourceText, Span } from "./source.ts";

/** Says where a span starts, as people count lines and columns. */
export type FindOrigin = (span: Span) => Origin;

/** Answers for spans of these sources; the lines of a source are found once, when it is first asked about. */
export function createOriginFinder(sources: readonly SourceText[]): FindOrigin {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const lookups = new Map<string, LineLookup>();
  return ({ path, start }) => {
    let lookup = lookups.get(path);
    if (lookup === undefined) {
      lookup = createLineLookup(byPath.get(path) ?? { path, text: "" });
      lookups.set(path, lookup);
    }
    return { file: path, ...lookup.positionAt(start) };
  };
}
