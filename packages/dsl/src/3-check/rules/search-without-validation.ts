import { noValidationSplit, refusedValidation } from "../../diagnostics/catalog-protocol.ts";
import type { Span } from "../../text/source.ts";
import { allCombinations, type Combination } from "../combinations.ts";
import { isRefusedByShots, isEmptySplit } from "../split-facts.ts";
import { reportOnce } from "../report-once.ts";
import type { Rule } from "./rule.ts";

/** A search needs validation examples to choose by, or folds of the training split in their place. */
export const everySearchHasItsValidation: Rule = (subject) => {
  if (!subject.isWhole) return;
  const report = reportOnce(subject.context.report);
  for (const combination of allCombinations(["dataset", "head"], subject)) {
    const { dataset, head } = combination.declarations;
    const search = head?.search ?? null;
    if (head === undefined || dataset === undefined || search?.folds !== null) continue;
    const names = { head: head.label, dataset: dataset.label };
    if (isEmptySplit("val", combination)) {
      report(noValidationSplit(search.span, { ...names, size: spanOf(combination, "val") }));
    } else if (isRefusedByShots(combination)) {
      report(refusedValidation(search.span, { ...names, setting: combination.valueOf("dataset", "shots_val")?.span }));
    }
  }
};

function spanOf({ valueOf, constructors }: Combination, split: "val"): Span | null {
  const param = constructors.dataset?.facts?.splitSizes?.[split];
  return param === undefined ? null : (valueOf("dataset", param)?.span ?? null);
}
