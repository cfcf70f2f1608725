import type { Span } from "../text/source.ts";
import type { CheckContext } from "./check-context.ts";
import { readDeclarationValue } from "./check-declarations.ts";
import { silently } from "./check-setting.ts";
import type { CheckedDeclaration } from "./checked-program.ts";
import { readSearch } from "./read-search.ts";

/**
 * Where a head's search, or that of a head which it derives from, writes a field; null where it is not written, or in a
 * head inside an axis.
 */
export function findSearchField({ label }: CheckedDeclaration, field: string, context: CheckContext): Span | null {
  const seen = new Set<string>();
  for (let name = label; !seen.has(name);) {
    seen.add(name);
    const node = context.names.named.get(name);
    const parts = node === undefined ? null : readDeclarationValue(node.value);
    if (parts === null) return null;
    const written = readSearch(parts.block, { ...context, report: silently })?.fields.get(field);
    if (written !== undefined) return written.values[0]?.span ?? written.span;
    name = parts.name.text;
  }
  return null;
}
