import { sidedFlip } from "../../diagnostics/catalog-protocol.ts";
import { unpairedSides } from "../../text/unpaired-sides.ts";
import { allCombinations, type Combination } from "../combinations.ts";
import { reportOnce } from "../report-once.ts";
import type { Rule } from "./rule.ts";

/** A mirrored left lung is a right lung: such a flip needs the pairs of classes that it swaps. */
export const flipsSwapSidedClasses: Rule = (subject) => {
  if (!subject.isWhole) return;
  const report = reportOnce(subject.context.report);
  for (const combination of allCombinations(["dataset"], subject)) {
    const { valueOf, declarations } = combination;
    const { dataset } = declarations;
    const views = valueOf("dataset", "views");
    const operations = valueOf("dataset", "view_ops");
    const pairs = valueOf("dataset", "mirror_pairs");
    if (dataset === undefined || views === null || views.value === 0 || operations === null) continue;
    if (!listOf(operations.value).includes("horizontal_flip")) continue;
    const swapped = listOf(pairs?.value).map((pair) => listOf(pair).map(String));
    const sided = unpairedSides(classNamesOf(combination), swapped);
    if (sided.length === 0) continue;
    // An axis of several numbers of views is one mistake.
    const span = pairs?.span ?? operations.span ?? (views.source === "axis" ? null : views.span) ?? dataset.span;
    report(sidedFlip(span, { classes: sided, dataset: dataset.label }));
  }
};

function classNamesOf({ constructors, valueOf }: Combination): readonly string[] {
  const params = constructors.dataset?.facts?.classNames ?? [];
  return params.flatMap((param) => listOf(valueOf("dataset", param)?.value).map(String));
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
