import type { BlockNode, FieldNode } from "../2-ast/ast.ts";
import { badExpected } from "../diagnostics/catalog-table.ts";
import type { CheckContext } from "./check-context.ts";
import type { ExpectedNumber } from "./checked-program.ts";

/**
 * The published numbers of a table: `{ dinov2_l: { nih: 0.763 } }`. Labels may be nested or joined by dots
 * (`dinov2_l.probe: { ... }`); which cell they mean is found when the cells are known.
 */
export function checkExpected(field: FieldNode | undefined, context: CheckContext): readonly ExpectedNumber[] {
  if (field === undefined) return [];
  const [value, ...more] = field.values;
  if (value?.kind === "block" && more.length === 0) return readBlock(value, [], context);
  context.report(badExpected(field.span));
  return [];
}

function readBlock(block: BlockNode, outer: readonly string[], context: CheckContext): readonly ExpectedNumber[] {
  return block.entries.flatMap((entry): readonly ExpectedNumber[] => {
    if (entry.kind === "section") return readBlock(entry.block, [...outer, entry.name.text], context);
    if (entry.kind !== "field") {
      context.report(badExpected(entry.span));
      return [];
    }
    const path = [...outer, ...entry.key.parts.map((part) => part.text)];
    const [value, ...more] = entry.values;
    if (more.length === 0 && value?.kind === "block") return readBlock(value, path, context);
    if (more.length === 0 && value?.kind === "number") return [{ path, value: value.value, span: entry.span }];
    if (more.length === 0 && value?.kind === "null") return [{ path, value: null, span: entry.span }];
    context.report(badExpected(entry.span));
    return [];
  });
}
