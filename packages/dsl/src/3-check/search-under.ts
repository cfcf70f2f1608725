import type { Preset } from "../signature/preset.ts";
import type { Grid, OpSignature } from "../signature/signature.ts";
import type { Span } from "../text/source.ts";
import type { CheckedDeclaration, CheckedSearch, Setting } from "./checked-program.ts";

interface SearchScope {
  readonly preset: Preset | null;
  readonly constructor: OpSignature | undefined;
  /** Whether an axis or `where` sets the parameter of the head. */
  readonly isSet: (param: string) => boolean;
}

/**
 * A head's search as a trial makes it. Where the program names no values, a published protocol may have a grid of its own, of
 * which nothing is tried that the program sets; else it is as it is written.
 */
export function searchUnder(
  head: CheckedDeclaration | undefined,
  { preset, constructor, isSet }: SearchScope,
): CheckedSearch | null {
  const search = head?.search ?? null;
  if (head === undefined || search?.isOfUsualGrid !== true) return search;
  const grid = constructor?.grids?.[preset?.grids?.[head.op] ?? ""];
  if (grid === undefined) return search;
  const isOpen = (param: string): boolean =>
    !Object.hasOwn(head.settings, param) && !Object.hasOwn(search.settings, param) && !isSet(param);
  const over = Object.entries(gridPoints(grid, search.span)).filter(([param]) => isOpen(param));
  return over.length === 0 ? search : { ...search, over: Object.fromEntries(over) };
}

/** The values of a grid, as if they were written at the span. */
export function gridPoints(grid: Grid, span: Span): Readonly<Record<string, readonly Setting[]>> {
  return Object.fromEntries(
    Object.entries(grid).map(([param, values]) => [param, values.map((value) => ({ value, span }))] as const),
  );
}
