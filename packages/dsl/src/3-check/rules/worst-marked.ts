import type { TableNode } from "../../2-ast/ast.ts";
import { worstMarked } from "../../diagnostics/catalog-protocol.ts";
import type { Span } from "../../text/source.ts";
import { betterDirection } from "../better-direction.ts";
import { pathText } from "../value-text.ts";
import type { Rule } from "./rule.ts";

/** `best` marks the best of every metric of the table, so that it must not want the worst of one. */
export const bestIsNotTheWorst: Rule = (subject) => {
  if (!subject.isWhole) return;
  const { program, context } = subject;
  const { metrics } = context.signatures;
  program.tables.forEach(({ best, cells }, position) => {
    if (best === null) return;
    const wrong = cells.filter(({ expression }) => {
      const better = betterDirection(expression, metrics);
      return better !== null && (better === "higher") !== (best.want === "max");
    });
    const [first] = wrong;
    if (first === undefined) return;
    // Where other cells are right, it is this one that does not belong here.
    const node = context.names.tables[position];
    const span = wrong.length === cells.length ? (spanOfBest(node) ?? first.span) : first.span;
    const better = betterDirection(first.expression, metrics) ?? "higher";
    context.report(worstMarked(span, { ...best, better, cell: first.text, isWhole: wrong.length === cells.length }));
  });
};

function spanOfBest(node: TableNode | undefined): Span | null {
  for (const entry of node?.block.entries ?? []) {
    if (entry.kind === "field" && pathText(entry.key) === "best") return entry.values[0]?.span ?? entry.span;
  }
  return null;
}
