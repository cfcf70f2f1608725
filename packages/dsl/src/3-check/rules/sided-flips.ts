import { sidedFlip } from "../../diagnostics/catalog-protocol.ts";
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
    const names = Array.isArray(operations.value) ? operations.value : [];
    if (!names.includes("horizontal_flip") || isFilled(pairs?.value)) continue;
    const sided = sidedClasses(combination);
    if (sided.length === 0) continue;
    // An axis of several numbers of views is one mistake.
    const span = operations.span ?? (views.source === "axis" ? null : views.span) ?? dataset.span;
    report(sidedFlip(span, { classes: sided, dataset: dataset.label, takesPairs: pairs !== null }));
  }
};

function sidedClasses({ constructors, valueOf }: Combination): readonly string[] {
  const params = constructors.dataset?.facts?.classNames ?? [];
  return params
    .flatMap((param) => {
      const value = valueOf("dataset", param)?.value;
      return Array.isArray(value) ? value.map(String) : [];
    })
    .filter((name) => /(^|[^a-z])(left|right)([^a-z]|$)/i.test(name));
}

function isFilled(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}
