import type { CallNode, NumberNode, RangeNode, ValueNode } from "../2-ast/ast.ts";
import { badRange, wrongCall } from "../diagnostics/catalog-check.ts";
import { mostTrials } from "../diagnostics/catalog-sweep.ts";
import { groupDigits } from "../diagnostics/wording.ts";
import type { Report } from "./check-context.ts";

/** How many values a list, a range or `log_range` stands for, without making them; null after reporting a mistake. */
export function countValues(node: ValueNode, report: Report): number | null {
  if (node.kind === "range") return checkRange(node, report) ? node.to.value - node.from.value + 1 : null;
  if (isLogRange(node)) return readLogRange(node, report)?.count ?? null;
  if (node.kind !== "list") return 1;
  let total: number | null = 0;
  for (const item of node.items) {
    const count = item.kind === "list" ? 1 : countValues(item, report);
    total = total === null || count === null ? null : total + count;
  }
  return total;
}

/** The values one by one: items of a list, numbers of a range or of `log_range`; anything else stands for itself. Counted before. */
export function expandValues(node: ValueNode): readonly ValueNode[] {
  if (node.kind === "range") return expandRange(node);
  if (isLogRange(node)) return expandLogRange(node);
  if (node.kind !== "list") return [node];
  return node.items.flatMap((item) => (item.kind === "list" ? [item] : expandValues(item)));
}

/** `expandValues`, or null after reporting a mistake or more values than one list may stand for. */
export function expandBoundedValues(node: ValueNode, report: Report): readonly ValueNode[] | null {
  const count = countValues(node, report);
  if (count === null) return null;
  if (count <= mostTrials) return expandValues(node);
  report(badRange(node.span, `this stands for ${groupDigits(count)} values; the limit is ${groupDigits(mostTrials)}`));
  return null;
}

function isLogRange(node: ValueNode): node is CallNode {
  return node.kind === "call" && node.name.text === "log_range";
}

function checkRange({ from, to, span }: RangeNode, report: Report): boolean {
  if (!Number.isSafeInteger(from.value) || !Number.isSafeInteger(to.value)) {
    report(badRange(span, `a range goes from one whole number to another, found ${from.text}..${to.text}`));
    return false;
  }
  if (from.value <= to.value) return true;
  report(badRange(span, `the range ${from.text}..${to.text} goes down; write ${to.text}..${from.text}`));
  return false;
}

function expandRange({ from, to, span }: RangeNode): readonly NumberNode[] {
  const values: NumberNode[] = [];
  for (let value = from.value; value <= to.value; value += 1) values.push(numberNode(value, span));
  return values;
}

interface LogRange {
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

function readLogRange(node: CallNode, report: Report | null): LogRange | null {
  const [low, high, count, ...rest] = node.arguments;
  const isComplete = low?.kind === "number" && high?.kind === "number" && count?.kind === "number" && rest.length === 0;
  if (!isComplete) {
    report?.(wrongCall(node.span, "log_range", "log_range(1e-4, 1e-1, 7)"));
    return null;
  }
  if (low.value > 0 && high.value > 0 && Number.isSafeInteger(count.value) && count.value >= 2) {
    return { low: low.value, high: high.value, count: count.value };
  }
  report?.(badRange(node.span, "`log_range` takes two numbers above 0 and how many values to take, 2 at least"));
  return null;
}

function expandLogRange(node: CallNode): readonly NumberNode[] {
  const range = readLogRange(node, null);
  return range === null ? [] : logSpaced(range).map((value) => numberNode(value, node.span));
}

/** Evenly spaced logarithms, both ends exact. Twelve digits, so that 1e-3 between 1e-4 and 1e-2 is 1e-3 on every machine. */
function logSpaced({ low, high, count }: LogRange): readonly number[] {
  const step = Math.log(high / low) / (count - 1);
  return Array.from({ length: count }, (_, position) => {
    if (position === 0) return low;
    if (position === count - 1) return high;
    return Number((low * Math.exp(step * position)).toPrecision(12));
  });
}

function numberNode(value: number, span: NumberNode["span"]): NumberNode {
  return { kind: "number", value, text: String(value), span };
}
